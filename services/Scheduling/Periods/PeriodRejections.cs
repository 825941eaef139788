using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods;

internal static class PeriodRejections
{
    internal static readonly RejectionKind NotFound = new("period.not_found", 404, "No such period of the caller's headquarters.");
    internal static readonly RejectionKind HeadquartersOnly = new("period.headquarters_only", 409, "Periods are the headquarters' own.");
    internal static readonly RejectionKind MonthTaken = new("period.month_taken", 409, "The headquarters has a period for that month.");
    internal static readonly RejectionKind MonthOver = new("period.month_over", 409, "The month lies in the past, or too far ahead.");
    internal static readonly RejectionKind Closed = new("period.closed", 409, "The period is published.");
    internal static readonly RejectionKind NoProposal = new("period.no_proposal", 409, "The period has no proposal to edit or publish, or it is out of date.");
    internal static readonly RejectionKind PublishConflicts = new("period.publish_conflicts", 409, "Some of the proposal does not fit any more; refusals names every one. Nothing was planned.");
    internal static readonly RejectionKind ItemRefused = new("period.item_refused", 409, "The request cannot have that slot; reason says why, nearestFreeSlot what is free.");
    internal static readonly RejectionKind QuotaSpent = new("period.quota_spent", 409, "The period's quota for such sessions is used up.");
    internal static readonly RejectionKind OffGrid = new("period.off_grid", 409, "The start is not one of the period's slots.");

    internal const string OutsideHours = "mandate.outside_hours";
    internal const string Blocked = "session.blocked";

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No period {id}.");
}
