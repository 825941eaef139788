using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Metrics;

/// <summary>Sessions' figures: of one, and all of them ranked.</summary>
internal static class ReadSessionFigures
{
    private const string Columns = "s.Id, s.Path, s.Title, s.Tier, s.Status, s.LiveStartsAt, s.LiveEndsAt, u.Currency";

    private const string ById =
        $"SELECT {Columns} FROM Sessions s LEFT JOIN Units u ON u.Path = s.Path WHERE s.Id = @Id AND s.Path >= @Scope AND s.Path < @ScopeEnd";

    // The cursor of a ranking is the rank.
    private const string Ranking =
        $"SELECT * FROM (SELECT {Columns}, o.*, c.Claims, c.CouponsLocked, c.CouponsRedeemed, " +
        "ROW_NUMBER() OVER (ORDER BY COALESCE(o.GrossMinor - o.RefundedMinor, 0) DESC, s.Seq) AS Place " +
        "FROM Sessions s LEFT JOIN Units u ON u.Path = s.Path " +
        $"LEFT JOIN (SELECT SessionId AS OrdersOf, {FiguresSql.OrderSums} FROM Orders WHERE {Sql.InScope} AND SessionId IS NOT NULL GROUP BY SessionId) o ON o.OrdersOf = s.Id " +
        $"LEFT JOIN (SELECT SessionId AS CouponsOf, {FiguresSql.CouponSums} FROM Coupons WHERE {Sql.InScope} AND SessionId IS NOT NULL AND ClaimedMicros IS NOT NULL GROUP BY SessionId) c ON c.CouponsOf = s.Id " +
        "WHERE s.Path >= @Scope AND s.Path < @ScopeEnd AND s.LiveStartsAt >= @From AND s.LiveStartsAt < @To) r " +
        $"WHERE Place > @After ORDER BY Place {Sql.Page}";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/figures/sessions/{sessionId:guid}", async (Guid sessionId, string? from, string? to, Caller caller, OrdersDb db, CancellationToken ct) =>
                (await Read(db, caller, sessionId, from, to, ct)).ToHttp())
            .Describe(nameof(ReadSessionFigures), "What one session brought about.")
            .Allow(Permission.ReadFigures).Gives<SessionFigures>().Rejects(FiguresRejections.SessionNotFound);
        routes.MapGet("/figures/sessions", async (string? from, string? to, Caller caller, PageRequest page, OrdersDb db, CancellationToken ct) =>
                (await Rank(db, caller, page, from, to, ct)).ToHttp())
            .Describe("RankSessions", "The sessions that start in the period, by net sales, best first.")
            .Allow(Permission.ReadFigures).Paged().Gives<PageOf<SessionFigures>>();
    }

    private static async Task<Result<SessionFigures>> Read(OrdersDb db, Caller caller, Guid sessionId, string? from, string? to, CancellationToken ct)
    {
        var asked = Period.Parse(from, to);
        if (asked.Rejection is { } faults) return faults;
        if (await db.Find<SessionRow>(ById, new { Id = sessionId, caller.Scope, caller.ScopeEnd }, ct) is not { } session)
            return FiguresRejections.SessionNotFound.Because($"No session {sessionId}.");
        var period = asked.Value;
        var key = new { session.Id, session.Path, period.From, period.To, period.FromMicros, period.ToMicros };
        var orders = (await db.Find<OrderSums>(FiguresSql.OrdersOfSession, key, ct))!;
        var coupons = (await db.Find<CouponSums>(FiguresSql.CouponsOfSession, key, ct))!;
        return Figures.Of(SessionFigures.Named(session), [orders], [coupons], orders.Buyers, session.Currency);
    }

    private static async Task<Result<PageOf<SessionFigures>>> Rank(OrdersDb db, Caller caller, PageRequest page, string? from, string? to, CancellationToken ct)
    {
        var asked = Period.Parse(from, to);
        if (asked.Rejection is { } faults) return faults;
        var rows = await db.Query<RankedRow>(Ranking, new { caller.Scope, caller.ScopeEnd, asked.Value.From, asked.Value.To, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Place, r => r.ToFigures());
    }

    private sealed class RankedRow
    {
        public long Place { get; init; }

        public Guid Id { get; init; }

        public string Path { get; init; } = "";

        public string Title { get; init; } = "";

        public SessionTier Tier { get; init; }

        public SessionStatus Status { get; init; }

        public DateTimeOffset LiveStartsAt { get; init; }

        public DateTimeOffset LiveEndsAt { get; init; }

        public string? Currency { get; init; }

        public long OrdersPlaced { get; init; }

        public long OrdersCancelled { get; init; }

        public long Orders { get; init; }

        public long Buyers { get; init; }

        public long GrossMinor { get; init; }

        public long RefundedMinor { get; init; }

        public long PaidOrdersWithCoupon { get; init; }

        public long CouponDiscountMinor { get; init; }

        public long GuideOrders { get; init; }

        public long GuideGrossMinor { get; init; }

        public long Claims { get; init; }

        public long CouponsLocked { get; init; }

        public long CouponsRedeemed { get; init; }

        public SessionFigures ToFigures()
        {
            var session = new SessionRow { Id = Id, Path = Path, Title = Title, Tier = Tier, Status = Status, LiveStartsAt = LiveStartsAt, LiveEndsAt = LiveEndsAt };
            var orders = new OrderSums
            {
                OrdersPlaced = OrdersPlaced,
                OrdersCancelled = OrdersCancelled,
                Orders = Orders,
                GrossMinor = GrossMinor,
                RefundedMinor = RefundedMinor,
                PaidOrdersWithCoupon = PaidOrdersWithCoupon,
                CouponDiscountMinor = CouponDiscountMinor,
                GuideOrders = GuideOrders,
                GuideGrossMinor = GuideGrossMinor,
            };
            var coupons = new CouponSums { Claims = Claims, CouponsLocked = CouponsLocked, CouponsRedeemed = CouponsRedeemed };
            return Figures.Of(SessionFigures.Named(session), [orders], [coupons], Buyers, Currency);
        }
    }
}

/// <summary>Figures of a session.</summary>
internal sealed record SessionFigures : Figures
{
    public Guid SessionId { get; init; }

    public string OwnerPath { get; init; } = "";

    public string Title { get; init; } = "";

    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public DateTimeOffset LiveStartsAt { get; init; }

    public DateTimeOffset LiveEndsAt { get; init; }

    internal static SessionFigures Named(SessionRow session) => new()
    {
        SessionId = session.Id,
        OwnerPath = session.Path,
        Title = session.Title,
        Tier = session.Tier,
        Status = session.Status,
        LiveStartsAt = session.LiveStartsAt,
        LiveEndsAt = session.LiveEndsAt,
    };
}
