"""The mapped classes of the service, by name."""

from services.organization.model.access import Credential, SignIn, SignInSession, Token
from services.organization.model.base import Base
from services.organization.model.choice import Choice
from services.organization.model.export import Export
from services.organization.model.form import Form, FormItem
from services.organization.model.own_field import OwnChoice, OwnField
from services.organization.model.own_object import OwnObject
from services.organization.model.place import Branch, Department
from services.organization.model.role import GrantLine, Role
from services.organization.model.saved_view import FirstView, SavedView
from services.organization.model.staff import Staff

__all__ = [
    "Base",
    "Branch",
    "Choice",
    "Credential",
    "Department",
    "Export",
    "FirstView",
    "Form",
    "FormItem",
    "GrantLine",
    "OwnChoice",
    "OwnField",
    "OwnObject",
    "Role",
    "SavedView",
    "SignIn",
    "SignInSession",
    "Staff",
    "Token",
]
