from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.services.locks import lock_own_account
from pymart.common.db import after_commit
from pymart.common.images import encode_square, open_image

AVATAR_SIDE = 256


def update_profile(
    *,
    user: User,
    full_name: str | None = None,
    phone: str | None = None,
    avatar: UploadedFile | None = None,
    remove_avatar: bool = False,
) -> User:
    """
    Change what is given, and write nothing else: two requests at once may change different things.

    :raises BadImage, StorageUnavailable:
    :raises UserInactive: while the picture was looked at; what was stored of it is swept up as an orphan.
    """
    changes: dict[str, object] = {"full_name": full_name, "phone": phone}
    changes = {name: value for name, value in changes.items() if value is not None}
    for name, value in changes.items():
        setattr(user, name, value)
    if avatar:
        picture = encode_square(open_image(avatar, field="avatar"), side=AVATAR_SIDE)
        user.avatar.save(f"{uuid4().hex}.webp", picture, save=False)
    elif remove_avatar:
        user.avatar = ""
    with transaction.atomic():
        old = lock_own_account(user).avatar.name
        user.save(update_fields=[*changes, *(["avatar"] if avatar or remove_avatar else [])])
        if old and (avatar or remove_avatar):
            after_commit(user.avatar.storage.delete, old)
    return user
