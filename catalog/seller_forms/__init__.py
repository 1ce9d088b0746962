from catalog.seller_forms.editor import Editor
from catalog.seller_forms.fields import posted_ids
from catalog.seller_forms.listing import ListForm, RowForm, TickedForm
from catalog.seller_forms.product import AltForm, PicturesForm
from catalog.seller_forms.stock import StockForm

__all__ = ["AltForm", "Editor", "ListForm", "PicturesForm", "RowForm", "StockForm", "TickedForm", "posted_ids"]
