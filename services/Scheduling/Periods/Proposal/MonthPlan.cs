using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>A month's plan.</summary>
/// <param name="Placed">In order of the start, then of the demand's id.</param>
/// <param name="Unplaced">In the order they were to pick in.</param>
/// <param name="Satisfaction">Of this plan.</param>
/// <param name="Greedy">What it would have been had each taken its best free slot in turn, with nobody making room.</param>
internal sealed record MonthPlan(IReadOnlyList<Placement> Placed, IReadOnlyList<NotPlaced> Unplaced, Satisfaction Satisfaction, Satisfaction Greedy);

/// <summary>A demand's slot.</summary>
/// <param name="DemandId">Whose.</param>
/// <param name="Preference">0 for the best.</param>
/// <param name="Time">The session's.</param>
/// <param name="HostId">Of those it named.</param>
/// <param name="RoomId">Of those it named.</param>
/// <param name="MandateId">Which it counts against; resellers only.</param>
internal sealed record Placement(Guid DemandId, int Preference, Window Time, Guid HostId, Guid RoomId, Guid? MandateId);

/// <summary>A demand without a slot.</summary>
/// <param name="DemandId">Whose.</param>
/// <param name="Code">The rejection that came closest to being none.</param>
/// <param name="Detail">For people.</param>
/// <param name="NearestFreeSlot">Nearest to the first preference, with everybody else where the plan has them; null if the month has none.</param>
internal sealed record NotPlaced(Guid DemandId, string Code, string Detail, Window? NearestFreeSlot);

/// <summary>How much of what was wished for is granted, the better ranked counting more.</summary>
/// <param name="Points">Granted.</param>
/// <param name="Most">If everybody had its first preference.</param>
internal readonly record struct Satisfaction(long Points, long Most)
{
    /// <summary>The last preferences are all worth this much.</summary>
    private const int Least = 2;

    /// <summary>0 to 1; 1 if nothing was asked.</summary>
    public decimal Share => Most == 0 ? 1 : Math.Round((decimal)Points / Most, 6);

    /// <summary>10 for the first preference, 8, 6, 4, and 2 from the fifth on.</summary>
    public static int Worth(int preference) => Math.Max(Least, 10 - 2 * preference);
}
