using LiveCommerce.Data;

namespace LiveCommerce.Orders.Reactions;

/// <summary>What bears a moved unit's path here: past orders follow it too.</summary>
internal sealed class MovedRows : FollowMove
{
    private const string Same = "o.OrderId = OrderReports.OrderId AND o.ReportId = OrderReports.ReportId";

    /// <summary>
    /// What units above the shop reported of its orders goes on counting when they no longer stand above it: it becomes the
    /// shop's own. Where two did so under one id, one is enough.
    /// </summary>
    private const string KeepReports =
        $"UPDATE OrderReports SET ReporterPath = @To WHERE ReporterPath IN {Sql.Ids} " +
        "AND OrderId IN (SELECT Id FROM Orders WHERE ShopPath = @From AND Seq > @After AND Seq <= @UpTo) " +
        $"AND NOT EXISTS (SELECT 1 FROM OrderReports o WHERE {Same} AND (o.ReporterPath = @To OR (o.ReporterPath IN {Sql.Ids} AND o.Seq < OrderReports.Seq)))";

    internal static MovedRows All { get; } = new();

    protected override IReadOnlyList<PathColumn> Small { get; } = [new("Sessions", "Path")];

    protected override IReadOnlyList<PathColumn> Large { get; } =
    [
        new("Orders", "ShopPath") { First = KeepReports },
        new("Orders", "Path"),
        new("OrderReports", "ReporterPath") { Unless = $"AND NOT EXISTS (SELECT 1 FROM OrderReports o WHERE {Same} AND o.ReporterPath = @To)" },
        new("Coupons", "Path"),
    ];
}
