using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Lineups;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>What a mandate says about prices, and when.</summary>
internal sealed record MandateRow
{
    /// <summary>Percent of the list price. Null: no limit.</summary>
    public int? DeepestDiscountPercent { get; init; }

    /// <summary>Null: told before dates were kept here, and not again since.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    public DateTimeOffset? ClosesAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why nothing more is made final or published for a session under it.</summary>
    public Rejection? Refusal(SessionRow session, DateTimeOffset now)
    {
        if (RevokedAt is { } at) return LineupRejections.MandateRevoked.Because($"Mandate {session.MandateId} was revoked at {at:O}.");
        return now >= ClosesAt || session.LiveStartsAt < OpensAt || session.LiveEndsAt > ClosesAt
            ? LineupRejections.OutsideDates.Because($"Mandate {session.MandateId} holds from {OpensAt:O} to {ClosesAt:O}.")
            : null;
    }
}

internal static class MandateSql
{
    internal static readonly Replica Replica = new("Mandates", ["DeepestDiscountPercent", "OpensAt", "ClosesAt", "RevokedAt"]);

    internal const string ById = "SELECT DeepestDiscountPercent, OpensAt, ClosesAt, RevokedAt FROM Mandates WHERE Id = @Id";
}
