using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>How long a session's phases are, as entered; a day is 24 hours.</summary>
/// <param name="PreparationDays">Before the start; 0 to 90, 21 unless given.</param>
/// <param name="ReservoirDays">Before the start; at most the warm-up, 7 unless given.</param>
/// <param name="ReviewDays">After the end; 0 to 90, 5 unless given.</param>
/// <param name="WarmUpDays">Before the start; at most the preparation, as long as it unless given.</param>
internal sealed record PhaseDays(int? PreparationDays = null, int? ReservoirDays = null, int? ReviewDays = null, int? WarmUpDays = null)
{
    private const int Longest = 90;

    public int Preparation => PreparationDays ?? 21;

    public int WarmUp => WarmUpDays ?? Preparation;

    public int Reservoir => ReservoirDays ?? 7;

    public int Review => ReviewDays ?? 5;

    public void Validate(Faults faults, string at) => faults
        .Range(Preparation, 0, Longest, $"{at}/preparationDays")
        .Range(WarmUp, 0, Longest, $"{at}/warmUpDays")
        .Range(Reservoir, 0, Longest, $"{at}/reservoirDays")
        .Range(Review, 0, Longest, $"{at}/reviewDays")
        .Check(Preparation >= WarmUp && WarmUp >= Reservoir, at, "phases.out_of_order", "Preparation must be at least as long as the warm-up, and that as the reservoir.");
}
