using System.Reflection;
using LiveCommerce.Support;

namespace LiveCommerce.System.Tests.Access;

/// <summary>How far an endpoint reaches.</summary>
internal enum Reach
{
    /// <summary>Not about any unit's things, or only about the caller's own.</summary>
    Unscoped,

    /// <summary>The owner and those above it.</summary>
    Covered,

    /// <summary>Published downwards: also those below the owner.</summary>
    AndBelow,

    /// <summary>The owner and those above it, and the shops below, which act for its customers.</summary>
    AndShopsBelow,

    /// <summary>A list of what <see cref="AndShopsBelow"/> reaches.</summary>
    ListAndShopsBelow,

    /// <summary>Belongs to the headquarters and is for the whole tenant to read.</summary>
    Tenant,

    /// <summary>Belongs to the headquarters; only it may change it.</summary>
    Headquarters,

    /// <summary>A list that holds the region's thing for the owner and those above it.</summary>
    List,

    /// <summary>A list that holds it also for those below.</summary>
    ListAndBelow,

    /// <summary>A list of what belongs to the headquarters, for the whole tenant.</summary>
    ListTenant,
}

/// <summary>A request for one endpoint that works for who may make it, about something of the region's.</summary>
/// <param name="Reach">Who may.</param>
/// <param name="Path">With real ids.</param>
/// <param name="Body">JSON, or null.</param>
/// <param name="Subject">For lists: the id they hold or hide.</param>
internal sealed record Probe(Reach Reach, Func<World, string> Path, Func<World, object?>? Body = null, Func<World, Guid>? Subject = null)
{
    public (string, string)[] Headers { get; init; } = [];

    /// <summary>Codes that refuse without giving anything away but a rule, or that a client-made id is taken.</summary>
    public string[] OtherRefusals { get; init; } = ["none"];
}

/// <summary>
/// One probe for each endpoint there is. A new endpoint without one fails the test. Every property of that type, of any
/// part of the class, is looked at: <c>internal static IReadOnlyDictionary&lt;string, Probe&gt; OfX => new Dictionary…</c>.
/// </summary>
internal static partial class Probes
{
    private static int _serial;

    public static IReadOnlyDictionary<string, Probe> All { get; } = typeof(Probes).GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(p => p.PropertyType == typeof(IReadOnlyDictionary<string, Probe>))
        .SelectMany(p => (IReadOnlyDictionary<string, Probe>)p.GetValue(null)!)
        .ToDictionary();

    internal static IReadOnlyDictionary<string, Probe> OfTheFirstHour => new Dictionary<string, Probe>
    {
        ["POST /organization/headquarters"] = new(Reach.Unscoped, _ => "/organization/headquarters"),
        ["POST /organization/units"] = new(Reach.Covered, _ => "/organization/units", w => new { parentId = w.NorthId, code = Next("u"), name = "U", kind = "Reseller", resellerKind = "Agent" }),
        ["GET /organization/units"] = new(Reach.List, _ => "/organization/units", Subject: w => w.NorthId),
        ["GET /organization/units/{}"] = new(Reach.Covered, w => $"/organization/units/{w.NorthId}"),
        ["PUT /organization/units/{}"] = new(Reach.Covered, w => $"/organization/units/{w.NorthId}", _ => new { name = "N", timeZone = "Asia/Shanghai" }) { Headers = [("If-Match", "\"1\"")] },
        ["POST /organization/brands"] = new(Reach.Unscoped, _ => "/organization/brands"),
        ["GET /organization/brands"] = new(Reach.ListTenant, _ => "/organization/brands", Subject: w => w.BrandId),
        ["GET /organization/brands/{}"] = new(Reach.Tenant, w => $"/organization/brands/{w.BrandId}"),
        ["PUT /organization/brands/{}"] = new(Reach.Headquarters, w => $"/organization/brands/{w.BrandId}", _ => new { name = "A", grade = "A" }) { Headers = [("If-Match", "\"1\"")], OtherRefusals = ["brand.headquarters_only"] },
        ["POST /organization/members"] = new(Reach.Covered, _ => "/organization/members", w => new { unitId = w.NorthId, signInName = Next("member"), displayName = "M", password = "a-long-enough-secret", roles = new[] { "Planner" } }),
        ["GET /organization/members"] = new(Reach.List, _ => "/organization/members", Subject: w => w.MemberId),
        ["GET /organization/members/me"] = new(Reach.Unscoped, _ => "/organization/members/me"),
        ["POST /organization/programs"] = new(Reach.Covered, _ => "/organization/programs", w => new { unitId = w.NorthId, name = "Shop", roles = new[] { "Storefront" } }),
        ["POST /organization/mandates"] = new(Reach.Covered, _ => "/organization/mandates", w => w.MandateBody()) { OtherRefusals = ["mandate.own_unit"] },
        ["GET /organization/mandates"] = new(Reach.ListAndBelow, _ => "/organization/mandates", Subject: w => w.MandateId),
        ["GET /organization/mandates/{}"] = new(Reach.AndBelow, w => $"/organization/mandates/{w.MandateId}"),
        ["POST /organization/mandates/{}/revoke"] = new(Reach.Covered, w => $"/organization/mandates/{w.MandateId}/revoke") { OtherRefusals = ["mandate.own_unit"] },

        ["POST /scheduling/hosts"] = new(Reach.Covered, _ => "/scheduling/hosts", w => new { unitId = w.NorthId, name = "H" }),
        ["POST /scheduling/rooms"] = new(Reach.Covered, _ => "/scheduling/rooms", w => new { unitId = w.NorthId, name = "R" }),
        ["POST /scheduling/channels"] = new(Reach.Covered, _ => "/scheduling/channels", w => new { unitId = w.NorthId, name = "C", kind = "MiniProgram" }),
        ["GET /scheduling/hosts"] = new(Reach.ListAndBelow, _ => "/scheduling/hosts", Subject: w => w.HostId),
        ["GET /scheduling/rooms"] = new(Reach.ListAndBelow, _ => "/scheduling/rooms", Subject: w => w.RoomId),
        ["GET /scheduling/channels"] = new(Reach.ListAndBelow, _ => "/scheduling/channels", Subject: w => w.ChannelId),
        ["POST /scheduling/key-dates"] = new(Reach.Covered, _ => "/scheduling/key-dates", w => new { unitId = w.NorthId, title = "Fair", startsAt = w.Now.AddDays(5), endsAt = w.Now.AddDays(6) }),
        ["GET /scheduling/key-dates"] = new(Reach.ListAndBelow, _ => "/scheduling/key-dates", Subject: w => w.KeyDateId),
        ["GET /scheduling/key-dates/{}"] = new(Reach.AndBelow, w => $"/scheduling/key-dates/{w.KeyDateId}"),
        ["POST /scheduling/sessions"] = new(Reach.Covered, _ => "/scheduling/sessions", w => w.SessionBody(TimeSpan.FromDays(10 + Interlocked.Increment(ref _serial)))),
        ["GET /scheduling/sessions"] = new(Reach.ListAndBelow, _ => "/scheduling/sessions", Subject: w => w.SessionId),
        ["GET /scheduling/sessions/{}"] = new(Reach.AndBelow, w => $"/scheduling/sessions/{w.SessionId}"),
        ["PUT /scheduling/sessions/{}"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}", EditBody) { Headers = [("If-Match", "\"1\"")] },
        ["POST /scheduling/sessions/{}/reschedule"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/reschedule", w => new { startsAt = w.Now.AddDays(3), endsAt = w.Now.AddDays(3).AddHours(2) }),
        ["POST /scheduling/sessions/{}/go-live"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/go-live"),
        ["POST /scheduling/sessions/{}/end"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/end"),
        ["POST /scheduling/sessions/{}/cancel"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/cancel", _ => new { reason = "Weather" }),

        ["POST /lineups/products/import"] = new(Reach.Unscoped, _ => "/lineups/products/import"),
        ["GET /lineups/products"] = new(Reach.ListTenant, _ => "/lineups/products", Subject: w => w.ProductId),
        ["GET /lineups/products/{}"] = new(Reach.Tenant, w => $"/lineups/products/{w.ProductId}"),
        ["PUT /lineups/sessions/{}/lineup"] = new(Reach.Covered, w => $"/lineups/sessions/{w.SessionId}/lineup", w => w.LineupBody()) { Headers = [("If-Match", "\"1\"")] },
        ["GET /lineups/sessions/{}/lineup"] = new(Reach.AndBelow, w => $"/lineups/sessions/{w.SessionId}/lineup"),
        ["POST /lineups/sessions/{}/lineup/finalize"] = new(Reach.Covered, w => $"/lineups/sessions/{w.SessionId}/lineup/finalize") { Headers = [("If-Match", "\"1\"")] },
        ["POST /lineups/sessions/{}/price-list/publish"] = new(Reach.Covered, w => $"/lineups/sessions/{w.SessionId}/price-list/publish"),
        ["GET /lineups/sessions/{}/price-list"] = new(Reach.AndBelow, w => $"/lineups/sessions/{w.SessionId}/price-list"),
        ["GET /lineups/sessions/{}/prices/{}"] = new(Reach.AndBelow, w => $"/lineups/sessions/{w.SessionId}/prices/p1"),

        ["POST /coupons/campaigns"] = new(Reach.Covered, _ => "/coupons/campaigns", w => w.CampaignBody()),
        ["GET /coupons/campaigns"] = new(Reach.ListAndBelow, _ => "/coupons/campaigns", Subject: w => w.CampaignId),
        ["GET /coupons/campaigns/{}"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}"),
        ["PUT /coupons/campaigns/{}"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}", w => w.CampaignBody(owned: false)) { Headers = [("If-Match", "\"1\"")] },
        ["POST /coupons/campaigns/{}/approve"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/approve") { OtherRefusals = ["campaign.illegal_transition"] },
        ["POST /coupons/campaigns/{}/start"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/start"),
        ["POST /coupons/campaigns/{}/pause"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/pause") { OtherRefusals = ["campaign.illegal_transition"] },
        ["POST /coupons/campaigns/{}/resume"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/resume") { OtherRefusals = ["campaign.illegal_transition"] },
        ["POST /coupons/campaigns/{}/allocate"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/allocate", w => new { sessionId = w.SessionId, stock = 1 }) { OtherRefusals = ["quota.no_allocation"] },
        ["POST /coupons/campaigns/{}/take-back"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/take-back", w => new { sessionId = w.SessionId }) { OtherRefusals = ["quota.no_allocation"] },
        ["GET /coupons/campaigns/{}/allocations"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/allocations"),
        ["GET /coupons/campaigns/{}/refusals"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/refusals"),
        ["POST /coupons/campaigns/{}/code-batches"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/code-batches", _ => new { count = 1 }),
        ["GET /coupons/campaigns/{}/code-batches"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/code-batches"),
        ["GET /coupons/code-batches/{}"] = new(Reach.Covered, w => $"/coupons/code-batches/{w.CodeBatchId}"),
        ["GET /coupons/code-batches/{}/codes.csv"] = new(Reach.Covered, w => $"/coupons/code-batches/{w.CodeBatchId}/codes.csv"),
        ["POST /coupons/code-batches/{}/close"] = new(Reach.Covered, w => $"/coupons/code-batches/{w.CodeBatchId}/close"),
        ["POST /coupons/campaigns/{}/issues"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/issues", _ => World.IssueBody) { OtherRefusals = ["quota.no_allocation"] },
        ["GET /coupons/campaigns/{}/issues"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/issues"),
        ["GET /coupons/issues/{}"] = new(Reach.Covered, w => $"/coupons/issues/{w.IssueId}"),
        ["GET /coupons/issues/{}/rows.csv"] = new(Reach.Covered, w => $"/coupons/issues/{w.IssueId}/rows.csv"),
        ["POST /coupons/issues/{}/cancel"] = new(Reach.Covered, w => $"/coupons/issues/{w.IssueId}/cancel"),
        ["GET /coupons/campaigns/{}/coupons.csv"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/coupons.csv"),
        ["GET /coupons/campaigns/{}/redemptions.csv"] = new(Reach.AndBelow, w => $"/coupons/campaigns/{w.CampaignId}/redemptions.csv"),
        ["POST /coupons/campaigns/{}/stop"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/stop"),
        ["PUT /coupons/claims/{}"] = new(Reach.AndBelow, w => $"/coupons/claims/{w.CouponId}", w => new { campaignId = w.CampaignId, customerId = "c1", sessionId = w.SessionId }),
        ["GET /coupons/claims/{}"] = new(Reach.AndShopsBelow, w => $"/coupons/claims/{w.CouponId}"),
        ["GET /coupons/customers/{}/coupons"] = new(Reach.ListAndShopsBelow, _ => "/coupons/customers/c1/coupons", Subject: w => w.CouponId),
        ["PUT /coupons/redemptions/{}"] = new(Reach.Covered, w => $"/coupons/redemptions/{w.OrderId}", w => new { couponIds = new[] { w.CouponId }, customerId = "c1", lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = 9000 } } }) { OtherRefusals = ["redemption.id_reused"] },
        ["POST /coupons/redemptions/{}/redeem"] = new(Reach.Covered, w => $"/coupons/redemptions/{w.OrderId}/redeem"),
        ["POST /coupons/redemptions/{}/release"] = new(Reach.Covered, w => $"/coupons/redemptions/{w.OrderId}/release"),
        ["POST /coupons/redemptions/{}/roll-back"] = new(Reach.Covered, w => $"/coupons/redemptions/{w.OrderId}/roll-back", _ => new { }),
        ["POST /coupons/claims/{}/void"] = new(Reach.Covered, w => $"/coupons/claims/{w.CouponId}/void", _ => new { reason = "mistake" }) { OtherRefusals = ["coupon.already_locked"] },
        ["POST /coupons/evaluations"] = new(Reach.Unscoped, _ => "/coupons/evaluations", _ => new { customerId = "c1", lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = 9000 } } }),
        ["GET /coupons/figures"] = new(Reach.Unscoped, _ => "/coupons/figures"),
        ["POST /coupons/campaigns/{}/deactivate"] = new(Reach.Covered, w => $"/coupons/campaigns/{w.CampaignId}/deactivate", _ => new { reason = "mistake" }),

        ["PUT /orders/orders/{}"] = new(Reach.Covered, w => $"/orders/orders/{w.OrderId}", w => w.OrderBody(w.CouponId)) { OtherRefusals = ["order.id_reused"] },
        ["PUT /orders/orders/{}/reports/{}"] = new(Reach.Covered, w => $"/orders/orders/{w.OrderId}/reports/{w.CouponId}", w => new { kind = "Shipped", at = w.Now }),
        ["GET /orders/orders/{}"] = new(Reach.Covered, w => $"/orders/orders/{w.OrderId}"),
        ["GET /orders/orders"] = new(Reach.List, _ => "/orders/orders", Subject: w => w.OrderId),
        ["GET /orders/figures/sessions/{}"] = new(Reach.Covered, w => $"/orders/figures/sessions/{w.SessionId}"),
        ["GET /orders/figures/sessions"] = new(Reach.List, _ => "/orders/figures/sessions", Subject: w => w.SessionId),
        ["GET /orders/figures/units/{}"] = new(Reach.Covered, w => $"/orders/figures/units/{w.NorthId}"),
    };

    private static string Next(string prefix) => $"{prefix}{Interlocked.Increment(ref _serial)}";

    private static object EditBody(World w) => new
    {
        title = "Autumn in the north",
        brandIds = new[] { w.BrandId },
        channelIds = new[] { w.ChannelId },
        hostId = w.HostId,
        coHostIds = Array.Empty<Guid>(),
        roomId = w.RoomId,
        startsAt = w.Now.AddDays(2),
        endsAt = w.Now.AddDays(2).AddHours(3),
    };
}
