namespace LiveCommerce.Coupons.Tests.Model;

/// <summary>One step of a life: what happens, and three numbers that say to whom and how much. Made as data, so that a list of them that fails can be shortened.</summary>
internal sealed record Step(byte Kind, byte A, byte B, byte C);

/// <summary>An allocation, as the model keeps it.</summary>
internal sealed class ModelNode(string key, string path, bool isUnit, ModelNode? parent)
{
    public string Key => key;

    public string Path => path;

    public bool IsUnit => isUnit;

    public ModelNode? Parent => parent;

    public long Stock { get; set; }

    public long Given { get; set; }

    public long Taken { get; set; }

    public long Budget { get; set; }

    public long BudgetGiven { get; set; }

    public long BudgetUsed { get; set; }

    public long Remaining => Stock - Given - Taken;

    public long BudgetRemaining => Budget - BudgetGiven - BudgetUsed;
}

internal sealed class ModelCampaign(Guid id, ModelNode root)
{
    public Guid Id => id;

    public ModelNode Root => root;

    public List<ModelNode> Nodes { get; } = [root];

    public string Status { get; set; } = "Issuing";

    public required bool HasBudget { get; init; }

    public required int Limit { get; init; }

    public required bool ReturnsOnAnyRefund { get; init; }

    /// <summary>Minor units off what earlier coupons left.</summary>
    public required Func<long, long> DiscountOn { get; init; }

    public required Func<(DateTimeOffset Opens, DateTimeOffset Closes)> ClaimWindow { get; init; }

    public required Func<DateTimeOffset, (DateTimeOffset Opens, DateTimeOffset Closes)> RedemptionWindow { get; init; }
}

internal sealed class ModelCoupon(Guid id, ModelCampaign campaign, string customer, string path, Guid? session, ModelNode node, DateTimeOffset claimedAt)
{
    public Guid Id => id;

    public ModelCampaign Campaign => campaign;

    public string Customer => customer;

    public string Path => path;

    public Guid? Session => session;

    public ModelNode Node => node;

    public DateTimeOffset ClaimedAt => claimedAt;

    /// <summary>Free, Locked, Redeemed or Voided.</summary>
    public string State { get; set; } = "Free";

    public ModelOrder? Order { get; set; }
}

internal sealed class ModelUse(ModelCoupon coupon, long discount)
{
    public ModelCoupon Coupon => coupon;

    public long Discount => discount;

    public long RolledBack { get; set; }

    public bool IsReturned { get; set; }
}

internal sealed class ModelOrder(string customer, long lines, Guid[] asked)
{
    public string Customer => customer;

    public long Lines => lines;

    public Guid[] Asked => asked;

    public string Status { get; set; } = "Released";

    public bool HasLapsed { get; set; }

    public List<ModelUse> Uses { get; init; } = [];

    public DateTimeOffset Until { get; set; }

    public long Refunded { get; set; }

    public long Paid => lines - Uses.Sum(u => u.Discount);
}
