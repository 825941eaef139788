using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Quotas;

[JsonConverter(typeof(JsonStringEnumConverter<QuotaKind>))]
internal enum QuotaKind
{
    /// <summary>A unit's; the root is the campaign's owner's.</summary>
    Unit,

    /// <summary>One session's.</summary>
    Session,

    /// <summary>A batch of codes'.</summary>
    Codes,
}

/// <summary>
/// What one unit, session or batch of codes may hand out of a campaign. What it was given is its own until it gives it further down,
/// hands it out, or it is taken back: stock = given down + taken + remaining, at every instant, and likewise for the budget.
/// </summary>
internal sealed record QuotaNode
{
    public long Seq { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>Unique in its campaign; see <see cref="KeyOfUnit"/>, <see cref="KeyOfSession"/>.</summary>
    public string NodeKey { get; init; } = "";

    /// <summary>Null: the root, the campaign itself.</summary>
    public long? ParentSeq { get; init; }

    public QuotaKind Kind { get; init; }

    /// <summary>Of the unit, or of the session's owner, or of the unit the codes are of.</summary>
    public string Path { get; init; } = "";

    public Guid? SessionId { get; init; }

    public long Stock { get; init; }

    public long StockGiven { get; init; }

    public long Taken { get; init; }

    public long Redeemed { get; init; }

    public long BudgetMinor { get; init; }

    public long BudgetGivenMinor { get; init; }

    public long BudgetUsedMinor { get; init; }

    public long Remaining => Stock - StockGiven - Taken;

    public long BudgetRemainingMinor => BudgetMinor - BudgetGivenMinor - BudgetUsedMinor;

    /// <summary>
    /// Of the budget that is left, the share of the coupons nobody has claimed, rounded down: the rest stays for those that are
    /// claimed and not spent, which are to be worth something.
    /// </summary>
    public long UnclaimedBudgetMinor => Remaining + Taken - Redeemed is > 0 and var open ? (long)((Int128)BudgetRemainingMinor * Remaining / open) : BudgetRemainingMinor;

    public static string KeyOfUnit(string path) => $"unit:{path}";

    public static string KeyOfSession(Guid sessionId) => $"session:{sessionId:D}";
}

internal static class QuotaSql
{
    private const string Columns =
        "Seq, CampaignId, NodeKey, ParentSeq, Kind, Path, SessionId, Stock, StockGiven, Taken, Redeemed, BudgetMinor, BudgetGivenMinor, BudgetUsedMinor";

    /// <summary>What a claim may draw on: codes are drawn on by their holders only.</summary>
    internal const string HoldOfCampaigns = $"SELECT {Columns} FROM QuotaNodes{Sql.Held} WHERE CampaignId IN {Sql.Ids} AND Kind <> 'Codes'";

    internal const string HoldSeveral = $"SELECT {Columns} FROM QuotaNodes{Sql.Held} WHERE Seq IN {Sql.Ids}";
    internal const string Several = $"SELECT {Columns} FROM QuotaNodes WHERE Seq IN {Sql.Ids}";
    internal const string SeqOf = "SELECT Seq FROM QuotaNodes WHERE CampaignId = @CampaignId AND NodeKey = @NodeKey";
    internal const string OfCampaign = $"SELECT {Columns} FROM QuotaNodes WHERE CampaignId = @CampaignId ORDER BY Seq";
    internal const string HoldOfCampaign = $"SELECT {Columns} FROM QuotaNodes{Sql.Held} WHERE CampaignId = @CampaignId ORDER BY Seq";

    internal const string Insert =
        "INSERT INTO QuotaNodes (CampaignId, NodeKey, ParentSeq, Kind, Path, SessionId, Stock, StockGiven, Taken, Redeemed, BudgetMinor, BudgetGivenMinor, BudgetUsedMinor) " +
        "VALUES (@CampaignId, @NodeKey, @ParentSeq, @Kind, @Path, @SessionId, @Stock, 0, 0, 0, @BudgetMinor, 0, 0)";

    internal const string InsertRoot =
        "INSERT INTO QuotaNodes (CampaignId, NodeKey, ParentSeq, Kind, Path, SessionId, Stock, StockGiven, Taken, Redeemed, BudgetMinor, BudgetGivenMinor, BudgetUsedMinor) " +
        "VALUES (@CampaignId, @NodeKey, NULL, 'Unit', @Path, NULL, @Stock, 0, 0, 0, @BudgetMinor, 0, 0)";

    /// <summary>No rows: it would be less than what is given down, taken and used.</summary>
    internal const string ResizeRoot =
        "UPDATE QuotaNodes SET Stock = @Stock, BudgetMinor = @BudgetMinor WHERE CampaignId = @CampaignId AND ParentSeq IS NULL " +
        "AND @Stock >= StockGiven + Taken AND @BudgetMinor >= BudgetGivenMinor + BudgetUsedMinor";

    /// <summary>No rows: that much does not remain.</summary>
    internal const string GiveDown =
        "UPDATE QuotaNodes SET StockGiven = StockGiven + @Stock, BudgetGivenMinor = BudgetGivenMinor + @BudgetMinor WHERE Seq = @ParentSeq " +
        "AND Stock - StockGiven - Taken >= @Stock AND BudgetMinor - BudgetGivenMinor - BudgetUsedMinor >= @BudgetMinor";

    internal const string Receive = "UPDATE QuotaNodes SET Stock = Stock + @Stock, BudgetMinor = BudgetMinor + @BudgetMinor WHERE Seq = @Seq";

    /// <summary>No rows: that much does not remain.</summary>
    internal const string GiveBack =
        "UPDATE QuotaNodes SET Stock = Stock - @Stock, BudgetMinor = BudgetMinor - @BudgetMinor WHERE Seq = @Seq " +
        "AND Stock - StockGiven - Taken >= @Stock AND BudgetMinor - BudgetGivenMinor - BudgetUsedMinor >= @BudgetMinor";

    internal const string TakeBack =
        "UPDATE QuotaNodes SET StockGiven = StockGiven - @Stock, BudgetGivenMinor = BudgetGivenMinor - @BudgetMinor WHERE Seq = @ParentSeq";

    /// <summary>What a batch of claims or uses drew, one row a node. The rows are held: what was read still holds.</summary>
    internal const string Draw =
        "UPDATE QuotaNodes SET Taken = Taken + d.MoreTaken, Redeemed = Redeemed + d.MoreRedeemed, BudgetUsedMinor = BudgetUsedMinor + d.MoreBudgetUsedMinor " +
        $"FROM (SELECT CAST({Sql.Field}(value, '$.Seq') AS BIGINT) AS NodeSeq, CAST({Sql.Field}(value, '$.Taken') AS BIGINT) AS MoreTaken, " +
        $"CAST({Sql.Field}(value, '$.Redeemed') AS BIGINT) AS MoreRedeemed, CAST({Sql.Field}(value, '$.BudgetUsedMinor') AS BIGINT) AS MoreBudgetUsedMinor FROM {Sql.Rows}) AS d " +
        "WHERE QuotaNodes.Seq = d.NodeSeq";
}

/// <summary>What a batch draws on a node.</summary>
internal sealed class QuotaDraw
{
    public required long Seq { get; init; }

    public long Taken { get; set; }

    public long Redeemed { get; set; }

    public long BudgetUsedMinor { get; set; }
}

internal static class QuotaRejections
{
    internal static readonly RejectionKind ExceedsRemaining = new("quota.exceeds_remaining", 409, "That much does not remain.");
    internal static readonly RejectionKind NoAllocation = new("quota.no_allocation", 409, "There is no allocation of the caller's to give from or take back from.");
    internal static readonly RejectionKind NotBelowOwner = new("quota.not_below_owner", 409, "Quota goes down from the campaign's owner only.");
    internal static readonly RejectionKind CampaignOver = new("quota.campaign_over", 409, "The campaign is stopped or deactivated.");
    internal static readonly RejectionKind SessionUnknown = new("quota.session_unknown", 409, "The session is not known here; if it is new, try again shortly.");
    internal static readonly RejectionKind BudgetMismatch = new("quota.budget_mismatch", 409, "A campaign with a budget is allocated stock and budget; one without, stock only.");
}
