using System.Text.Json.Serialization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>The instant of a session a deadline hangs on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskAnchor>))]
internal enum TaskAnchor
{
    PreparationStart,
    WarmUpStart,
    ReservoirStart,

    /// <summary>As planned: going live a little early makes nothing late.</summary>
    LiveStart,

    /// <summary>As it really was, once the session has ended.</summary>
    LiveEnd,
    ReviewEnd,
}

/// <summary>What completes a task without anybody saying so.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskTrigger>))]
internal enum TaskTrigger
{
    /// <summary>The session's lineup was made final for the first time.</summary>
    LineupFinalized,

    /// <summary>The session's live prices were published for the first time.</summary>
    PriceListPublished,

    /// <summary>A campaign bound to the session was approved.</summary>
    CampaignApproved,

    /// <summary>Nobody the tier needs is missing any more; undone if somebody is again.</summary>
    CrewComplete,
    QualitativeReviewWritten,
    QuantitativeReviewWritten,
}

/// <summary>A task every session of a tier has.</summary>
/// <param name="Code">What the task is called by: 1 to 32 lower-case letters, digits and inner hyphens.</param>
/// <param name="Title">For people; 1 to 200 characters.</param>
/// <param name="Anchor">What its deadline hangs on.</param>
/// <param name="OffsetMinutes">Minutes from there to the deadline; before it if negative; at most 90 days either way.</param>
/// <param name="Points">What the session loses if it is not done; 1 to 100.</param>
/// <param name="OwnerRole">Whose it is: Planner, Merchandiser, Marketer or Admin.</param>
/// <param name="CompletesOn">What completes it; null if somebody has to say so.</param>
/// <param name="NeedsEvidence">Whoever completes it has to say by what it can be seen.</param>
/// <param name="LateCostsPercent">Share of the points that is lost if it is done late; 0 to 100, 50 unless given.</param>
internal sealed record ChecklistTask(
    string Code,
    string Title,
    TaskAnchor Anchor,
    int OffsetMinutes,
    int Points,
    Role OwnerRole,
    TaskTrigger? CompletesOn = null,
    bool NeedsEvidence = false,
    int LateCostsPercent = 50)
{
    public const int MostPoints = 100;
    private const int LongestOffsetMinutes = 90 * 24 * 60;

    private static readonly Role[] Owners = [Role.Planner, Role.Merchandiser, Role.Marketer, Role.Admin];

    public void Validate(Faults faults, string at)
    {
        faults.Code(Code, $"{at}/code").Text(Title, $"{at}/title")
            .Known(Anchor, $"{at}/anchor")
            .Range(OffsetMinutes, -LongestOffsetMinutes, LongestOffsetMinutes, $"{at}/offsetMinutes")
            .Range(Points, 1, MostPoints, $"{at}/points")
            .Range(LateCostsPercent, 0, 100, $"{at}/lateCostsPercent")
            .Check(Owners.Contains(OwnerRole), $"{at}/ownerRole", "value.unknown", $"Must be one of {string.Join(", ", Owners)}.");
        if (CompletesOn is { } trigger) faults.Known(trigger, $"{at}/completesOn");
        faults.Check(CompletesOn is null || !NeedsEvidence, $"{at}/needsEvidence", "task.evidence_by_event", "What completes the task is its evidence.");
    }
}
