using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>What can be said about a campaign when it is created, and changed while it is a draft.</summary>
internal sealed record CampaignTerms(
    string Name,
    Benefit Benefit,
    long Stock,
    int PerCustomerLimit,
    WindowRule ClaimWindow,
    WindowRule RedemptionWindow,
    Guid? SessionId,
    int LockMinutes)
{
    public const int DefaultLockMinutes = 30;
    private const long MostStock = 1_000_000_000;
    private const int MostPerCustomer = 1_000;
    private const int LongestLockMinutes = 1_440;

    public static CampaignTerms Example { get; } = new(
        "Opening night: 30 off 300",
        new Benefit(BenefitKind.Threshold, AmountMinor: 3_000, MinimumSpendMinor: 30_000),
        10_000,
        1,
        new WindowRule(new WindowBoundary(Phase: SessionPhase.WarmUpStart), new WindowBoundary(Phase: SessionPhase.LiveEnd)),
        new WindowRule(new WindowBoundary(Phase: SessionPhase.LiveStart), new WindowBoundary(Phase: SessionPhase.LiveEnd, OffsetMinutes: 60)),
        Guid.Empty,
        DefaultLockMinutes);

    public void Validate(Faults faults)
    {
        faults.Text(Name, "/name")
            .Range(Stock, 1, MostStock, "/stock")
            .Range(PerCustomerLimit, 1, MostPerCustomer, "/perCustomerLimit")
            .Range(LockMinutes, 1, LongestLockMinutes, "/lockMinutes");
        Benefit.Validate(faults, "/benefit");
        ClaimWindow.Validate(faults, "/claimWindow", SessionId.HasValue);
        RedemptionWindow.Validate(faults, "/redemptionWindow", SessionId.HasValue);
    }

    /// <summary>The session these terms name, if any. It may be new and not heard of yet: then asking again helps.</summary>
    public async Task<Result<SessionBinding>> BindSession(UnitOfWork work, string ownerPath)
    {
        if (SessionId is not { } id) return new SessionBinding(null);
        if (await work.Find<SessionRow>(SessionSql.ById, new { Id = id }) is not { } row || !UnitPath.SameChain(row.OwnerPath, ownerPath))
            return CampaignRejections.SessionUnknown.Because($"No session {id}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        return new SessionBinding(row.Parse());
    }
}

/// <param name="Session">Null: the terms name none.</param>
internal readonly record struct SessionBinding(BoundSession? Session);
