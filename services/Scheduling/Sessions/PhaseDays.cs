using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>How long a session's phases are, in days of 24 hours.</summary>
internal sealed record PhaseLengths(int Preparation, int WarmUp, int Reservoir, int Review)
{
    /// <summary>Unless the planner says otherwise: two to three weeks of preparation and warm-up, the last week the reservoir, three to five days of review.</summary>
    public static PhaseLengths Of(SessionTier tier) => tier switch
    {
        SessionTier.GroupBroadcast => new(21, 21, 7, 5),
        SessionTier.RegionalBroadcast => new(21, 14, 7, 5),
        SessionTier.BrandBroadcast => new(14, 14, 7, 3),
        SessionTier.ResellerBroadcast => new(14, 14, 7, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "No phases for that tier."),
    };
}

/// <summary>How long a session's phases are, as entered; what is left out is as the tier has it, as far as that fits what is given.</summary>
/// <param name="PreparationDays">Before the start; 0 to 90.</param>
/// <param name="ReservoirDays">Before the start; 0 to 90, at most the warm-up.</param>
/// <param name="ReviewDays">After the end; 0 to 90.</param>
/// <param name="WarmUpDays">Before the start; 0 to 90, at most the preparation.</param>
internal sealed record PhaseDays(int? PreparationDays = null, int? ReservoirDays = null, int? ReviewDays = null, int? WarmUpDays = null)
{
    private const int Longest = 90;

    public PhaseLengths Of(SessionTier tier)
    {
        var usual = PhaseLengths.Of(tier);
        var preparation = PreparationDays ?? Math.Max(usual.Preparation, WarmUpDays ?? ReservoirDays ?? 0);
        var warmUp = WarmUpDays ?? Math.Max(Math.Min(usual.WarmUp, preparation), ReservoirDays ?? 0);
        return new PhaseLengths(preparation, warmUp, ReservoirDays ?? Math.Min(usual.Reservoir, warmUp), ReviewDays ?? usual.Review);
    }

    public void Validate(Faults faults, string at) => faults
        .Range(PreparationDays ?? 0, 0, Longest, $"{at}/preparationDays")
        .Range(WarmUpDays ?? 0, 0, Longest, $"{at}/warmUpDays")
        .Range(ReservoirDays ?? 0, 0, Longest, $"{at}/reservoirDays")
        .Range(ReviewDays ?? 0, 0, Longest, $"{at}/reviewDays")
        .Check(!(PreparationDays < WarmUpDays || WarmUpDays < ReservoirDays || PreparationDays < ReservoirDays),
            at, "phases.out_of_order", "Preparation must be at least as long as the warm-up, and that as the reservoir.");
}
