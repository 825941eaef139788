using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

internal static class SessionRejections
{
    internal static readonly RejectionKind NotFound = new("session.not_found", 404, "No such session within the caller's reach.");
    internal static readonly RejectionKind IllegalTransition = new("session.illegal_transition", 409, "The session's status does not allow that.");
    internal static readonly RejectionKind TierNotAllowed = new("session.tier_not_allowed", 409, "A unit of that kind does not own sessions of that tier.");
    internal static readonly RejectionKind BrandUnknown = new("session.brand_unknown", 409, "The headquarters has no such brand.");
    internal static readonly RejectionKind ResourceNotUsable = new("session.resource_not_usable", 409, "A host, room or channel is not there, not of that kind, or not of a unit above or below the owner.");
    internal static readonly RejectionKind StartsInPast = new("session.starts_in_past", 409, "A session is planned ahead.");
    internal static readonly RejectionKind StartsTooLate = new("session.starts_too_late", 409, "A session is planned at most 400 days ahead.");

    internal static readonly RejectionKind OwnApproval = new("session.own_approval", 409, "The caller's unit does not decide on that session.");
    internal static readonly RejectionKind BrandGrade = new("session.brand_grade", 409, "A brand broadcast is a special of A-grade brands.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No session {id}.");
}
