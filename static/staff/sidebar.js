// The admin's navigation begins closed where lists need its room; whoever opens it finds it open from then on.
(() => {
  const key = "django.admin.navSidebarIsOpen";
  if (localStorage.getItem(key) === null && window.innerWidth < 1440) localStorage.setItem(key, "false");
})();
