using System.Text.Json.Serialization;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Whether a refund gives the coupon back to its customer. The discount it undoes goes back to the budget in any case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefundPolicy>))]
internal enum RefundPolicy
{
    /// <summary>Once the whole order is refunded.</summary>
    ReturnOnFullRefund,

    /// <summary>With the first refund, however small.</summary>
    ReturnOnAnyRefund,

    /// <summary>Never: a spent coupon stays spent.</summary>
    NeverReturn,
}

/// <summary>What its owner says about a campaign.</summary>
internal record CampaignTerms : IValidated
{
    public const int DefaultLockMinutes = 30;
    private const long MostStock = 1_000_000_000;
    private const int MostPerCustomer = 1_000;
    private const int LongestLockMinutes = 1_440;

    /// <summary>For people, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What a coupon takes off.</summary>
    public required Benefit Benefit { get; init; }

    /// <summary>What it may be used for, and by whom. Null: everything, everybody.</summary>
    public CampaignScope? Scope { get; init; }

    /// <summary>What it may be combined with. Null: nothing.</summary>
    public Stacking? Stacking { get; init; }

    /// <summary>Coupons in all, 1 to 1,000,000,000.</summary>
    public required long Stock { get; init; }

    /// <summary>
    /// Minor units all coupons together may take off: locked and spent, less what was given back. Once it is used up nothing
    /// more is claimed, and no lock that would go beyond it succeeds. Null: not limited.
    /// </summary>
    public long? BudgetMinor { get; init; }

    /// <summary>Coupons one customer may have, 1 to 1,000.</summary>
    public required int PerCustomerLimit { get; init; }

    /// <summary>Coupons one customer may take in one day of the owner unit's time zone. Null: not limited by day.</summary>
    public int? PerCustomerDayLimit { get; init; }

    /// <summary>When coupons may be claimed.</summary>
    public required WindowRule ClaimWindow { get; init; }

    /// <summary>When they may be spent.</summary>
    public required WindowRule RedemptionWindow { get; init; }

    /// <summary>What relative windows hang on.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>How long an order may hold a coupon unpaid, 1 to 1,440.</summary>
    public int LockMinutes { get; init; } = DefaultLockMinutes;

    public RefundPolicy RefundPolicy { get; init; }

    public void Validate(Faults faults)
    {
        faults.Text(Name, "/name")
            .Range(Stock, 1, MostStock, "/stock")
            .Range(PerCustomerLimit, 1, MostPerCustomer, "/perCustomerLimit")
            .Range(LockMinutes, 1, LongestLockMinutes, "/lockMinutes")
            .Known(RefundPolicy, "/refundPolicy");
        if (BudgetMinor is { } budget) faults.AmountMinor(budget, "/budgetMinor", min: 1);
        if (PerCustomerDayLimit is { } daily) faults.Range(daily, 1, PerCustomerLimit, "/perCustomerDayLimit");
        Benefit.Validate(faults, "/benefit");
        Scope?.Validate(faults, "/scope");
        Stacking?.Validate(faults, "/stacking");
        ClaimWindow.Validate(faults, "/claimWindow", SessionId.HasValue);
        RedemptionWindow.Validate(faults, "/redemptionWindow", SessionId.HasValue);
        ClaimWindow.RefusePerClaim(faults, "/claimWindow");
    }

    /// <summary>The session these terms name, if any. It may be new and not heard of yet: then asking again helps.</summary>
    public async Task<Result<SessionBinding>> BindSession(UnitOfWork work, string ownerPath)
    {
        if (SessionId is not { } id) return new SessionBinding(null);
        if (await work.Find<SessionRow>(SessionSql.ById, new { Id = id }) is not { } row || !UnitPath.SameChain(row.OwnerPath, ownerPath))
            return CampaignRejections.SessionUnknown.Because($"No session {id}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        var session = row.Parse();
        var faults = new Faults();
        ClaimWindow.CheckPhases(session.Phases, faults, "/claimWindow");
        RedemptionWindow.CheckPhases(session.Phases, faults, "/redemptionWindow");
        return faults.Count == 0 ? new SessionBinding(session) : faults.ToRejection();
    }
}

/// <param name="Session">Null: the terms name none.</param>
internal readonly record struct SessionBinding(BoundSession? Session);
