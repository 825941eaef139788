using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Activities;

/// <summary>What runs on a session to make people come, stay and buy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActivityKind>))]
internal enum ActivityKind
{
    CouponCampaign,
    TimedPriceList,
    FlashReward,
    FullReduction,
    Lottery,
    Gift,
    AssistBoard,
    Other,
}

/// <summary>One activity of a session.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Title">For people; 1 to 200 characters.</param>
/// <param name="RefId">What it is elsewhere, such as the campaign's id.</param>
internal sealed record Activity(ActivityKind Kind, string Title, Guid? RefId = null)
{
    public void Validate(Faults faults, string at) => faults.Known(Kind, $"{at}/kind").Text(Title, $"{at}/title");
}

internal sealed record SessionActivitiesRow
{
    public long Version { get; init; }

    /// <summary>JSON array of <see cref="Activity"/>.</summary>
    public string Activities { get; init; } = "[]";
}

/// <summary>What is known here of a coupon campaign that is bound to a session.</summary>
internal sealed record CampaignRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public CampaignStatus Status { get; init; }
}

/// <summary>What runs on a session.</summary>
internal sealed record SessionActivitiesView : IVersioned
{
    public required Guid SessionId { get; init; }

    /// <summary>0: none were ever named.</summary>
    public required long Version { get; init; }

    /// <summary>At most three.</summary>
    public required IReadOnlyList<Activity> Activities { get; init; }

    /// <summary>Coupon campaigns that are bound to the session and not over, but are not among the activities.</summary>
    public required IReadOnlyList<UnlistedCampaign> UnlistedCampaigns { get; init; }
}

/// <summary>A campaign that runs on a session without being named.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">How it stands.</param>
internal sealed record UnlistedCampaign(Guid CampaignId, string Name, CampaignStatus Status);

internal static class ActivitySql
{
    internal const string OfSession = "SELECT Version, Activities FROM SessionActivities WHERE SessionId = @SessionId";
    internal const string Insert = "INSERT INTO SessionActivities (SessionId, Version, Activities) VALUES (@SessionId, @Version, @Activities)";
    internal const string Update = "UPDATE SessionActivities SET Version = @Version, Activities = @Activities WHERE SessionId = @SessionId AND Version = @Version - 1";

    internal const string Campaigns = "SELECT Id, Name, Status FROM Campaigns WHERE SessionId = @SessionId AND Status NOT IN ('Stopped', 'Deactivated') ORDER BY Seq";
    internal const string CampaignVersion = "SELECT Version FROM Campaigns WHERE Id = @CampaignId";
    internal const string InsertCampaign = "INSERT INTO Campaigns (Id, Version, SessionId, Name, Status) VALUES (@CampaignId, @Version, @SessionId, @Name, @Status)";

    internal const string UpdateCampaign =
        "UPDATE Campaigns SET Version = @Version, SessionId = @SessionId, Name = @Name, Status = @Status WHERE Id = @CampaignId AND Version < @Version";
}
