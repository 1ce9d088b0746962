"""Pages of the admin that libraries bring and staff must not have."""

from django.contrib import admin
from django_celery_results.models import GroupResult, TaskResult
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

admin.site.unregister([TaskResult, GroupResult])  # nothing of ours is in there
admin.site.unregister([TOTPDevice, StaticDevice])  # whoever reads a secret there has the second factor of its owner
