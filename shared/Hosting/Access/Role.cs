using System.Text.Json.Serialization;

namespace LiveCommerce.Hosting;

/// <summary>What a member or a client program may do, at its unit and below.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
public enum Role
{
    /// <summary>The tree, its members, brands and mandates; reads the audit trail.</summary>
    Admin,

    /// <summary>The calendar, sessions, and the buttons on the air.</summary>
    Planner,

    /// <summary>Products, lineups and price lists.</summary>
    Merchandiser,

    /// <summary>Campaigns and their coupons.</summary>
    Marketer,

    /// <summary>Reads everything, changes nothing.</summary>
    Analyst,

    /// <summary>A shop or channel acting for customers: claims, redemptions, orders.</summary>
    Storefront,

    /// <summary>Runs the deployment: opens headquarters, re-sends messages. Sees no tenant's business.</summary>
    Operator,
}

/// <summary>Something the product lets somebody do.</summary>
public enum Permission
{
    OpenHeadquarters,
    Operate,
    ReadAudit,
    ReadOrganization,
    ManageUnits,
    ManageMembers,
    ManageBrands,
    ManageMandates,
    ReadPlan,
    ManagePlan,
    ApprovePlan,
    ManagePeriods,
    ManageCrew,
    ManageFeeds,
    WorkTasks,
    ReadOwnCalendar,
    ChangeOwnPassword,
    ReadLineups,
    ManageProducts,
    ManageLineups,
    ReadCampaigns,
    ManageCampaigns,
    ApproveCampaigns,
    ReadCoupons,
    ClaimCoupons,
    UseCoupons,
    ReportOrders,
    ReadOrders,
    ReadFigures,
}

/// <summary>Which role may do what. The only such table.</summary>
public static class AccessTable
{
    private static readonly Role[] Staff = [Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer, Role.Analyst];
    private static readonly Role[] StaffAndShops = [.. Staff, Role.Storefront];

    public static IReadOnlyDictionary<Permission, IReadOnlyList<Role>> Roles { get; } = new Dictionary<Permission, IReadOnlyList<Role>>
    {
        [Permission.OpenHeadquarters] = [Role.Operator],
        [Permission.Operate] = [Role.Operator],
        [Permission.ReadAudit] = [Role.Admin],
        [Permission.ReadOrganization] = StaffAndShops,
        [Permission.ManageUnits] = [Role.Admin],
        [Permission.ManageMembers] = [Role.Admin],
        [Permission.ManageBrands] = [Role.Admin],
        [Permission.ManageMandates] = [Role.Admin],
        [Permission.ReadPlan] = StaffAndShops,
        [Permission.ManagePlan] = [Role.Planner],
        [Permission.ApprovePlan] = [Role.Planner, Role.Admin],
        [Permission.ManagePeriods] = [Role.Planner],
        [Permission.ManageCrew] = [Role.Planner],
        [Permission.ManageFeeds] = [Role.Planner],
        [Permission.WorkTasks] = [Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer],
        [Permission.ReadOwnCalendar] = Staff,
        [Permission.ChangeOwnPassword] = [.. Staff, Role.Operator],
        [Permission.ReadLineups] = StaffAndShops,
        [Permission.ManageProducts] = [Role.Merchandiser],
        [Permission.ManageLineups] = [Role.Merchandiser],
        [Permission.ReadCampaigns] = StaffAndShops,
        [Permission.ManageCampaigns] = [Role.Marketer],
        [Permission.ApproveCampaigns] = [Role.Admin],
        [Permission.ReadCoupons] = [Role.Marketer, Role.Analyst, Role.Storefront],
        [Permission.ClaimCoupons] = [Role.Storefront],
        [Permission.UseCoupons] = [Role.Storefront],
        [Permission.ReportOrders] = [Role.Storefront],
        [Permission.ReadOrders] = [Role.Admin, Role.Analyst, Role.Storefront],
        [Permission.ReadFigures] = Staff,
    };
}
