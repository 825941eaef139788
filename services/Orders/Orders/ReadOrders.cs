using LiveCommerce.Contracts.Orders;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Orders;

/// <summary>The orders credited to the caller's unit and those below, and those their shops placed, whoever is credited.</summary>
internal static class ReadOrders
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/orders", async (string? sessionId, string? status, Caller caller, PageRequest page, OrdersDb db, CancellationToken ct) =>
                (await List(db, caller, page, sessionId, status, ct)).ToHttp())
            .Describe("ListOrders", "Orders in order of arrival, of one session or one status if asked.")
            .Allow(Permission.ReadOrders).Paged().Gives<PageOf<OrderView>>();
        routes.MapGet("/orders/{orderId:guid}", async (Guid orderId, Caller caller, OrdersDb db, CancellationToken ct) =>
                (await Find(db, caller, orderId, ct)).ToHttp())
            .Describe("ReadOrder", "One order.")
            .Allow(Permission.ReadOrders).Gives<OrderView>().Rejects(OrderRejections.NotFound);
    }

    private static async Task<Result<OrderView>> Find(OrdersDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<OrderRow>(OrderSql.ByIdInScope, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } row
            ? row.ToView(await OrderCoupons.Read(db, [row], ct))
            : OrderRejections.Unknown(id);

    private static async Task<Result<PageOf<OrderView>>> List(
        OrdersDb db, Caller caller, PageRequest page, string? sessionId, string? status, CancellationToken ct)
    {
        var faults = new Faults();
        Guid? session = Guid.TryParse(sessionId, out var id) ? id : null;
        OrderStatus? wanted = Enum.TryParse<OrderStatus>(status, out var s) && s.ToString() == status ? s : null;
        faults.Check(sessionId is null || session is not null, "?sessionId", "json.wrong_type", "Must be a UUID.")
            .Check(status is null || wanted is not null, "?status", "value.unknown", $"Must be one of {string.Join(", ", Enum.GetNames<OrderStatus>())}.");
        if (faults.Count > 0) return faults.ToRejection();
        var rows = await db.Query<OrderRow>(OrderSql.Page, new
        {
            Tenant = UnitPath.Headquarters(caller.Path),
            caller.Scope,
            caller.ScopeEnd,
            page.After,
            page.Limit,
            SessionId = session,
            Status = wanted?.ToString(),
        }, ct);
        var uses = (await OrderCoupons.Read(db, rows, ct)).ToLookup(u => u.OrderId);
        return page.ToPage(rows, r => r.Seq, r => r.ToView([.. uses[r.Id]]));
    }
}
