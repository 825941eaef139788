using FsCheck;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Orders.Orders;

namespace LiveCommerce.Orders.Tests.Orders;

internal sealed class OrderTruthTests
{
    private const long Payable = 1_000;

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool AnyOrderAndAnyRepetitionOfTheSameReports_GivesTheSameTruth((byte Kind, byte Minute, byte Refund)[] drawn, int seed)
    {
        var reports = Reports(drawn);
        var random = new Random(seed);
        var shuffled = reports.Concat(reports.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
        return OrderTruth.Fold(Payable, shuffled) == OrderTruth.Fold(Payable, reports);
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool MoreReports_NeverUnpayNorTakeBackARefund((byte Kind, byte Minute, byte Refund)[] drawn, NonNegativeInt cut)
    {
        var reports = Reports(drawn);
        var (fewer, all) = (OrderTruth.Fold(Payable, reports.Take(cut.Get % (reports.Count + 1))), OrderTruth.Fold(Payable, reports));
        return (all.WasPaid || !fewer.WasPaid) && all.RefundedMinor >= fewer.RefundedMinor && all.RefundedMinor <= Payable
            && (!all.WasPaid || all.Status is not (OrderStatus.Placed or OrderStatus.Cancelled));
    }

    [TestCase("", OrderStatus.Placed)]
    [TestCase("Paid", OrderStatus.Paid)]
    [TestCase("Shipped", OrderStatus.Shipped)]
    [TestCase("Completed Paid", OrderStatus.Completed)]
    [TestCase("Delivered Shipped", OrderStatus.Delivered)]
    [TestCase("Cancelled", OrderStatus.Cancelled)]
    [TestCase("Cancelled Paid", OrderStatus.Paid)]
    [TestCase("Shipped Cancelled", OrderStatus.Shipped)]
    [TestCase("Refunded", OrderStatus.Refunded)]
    [TestCase("Refunded Completed Cancelled", OrderStatus.Refunded)]
    public void TheFurthestReportDecides(string kinds, OrderStatus expected)
    {
        var reports = kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => Report(Enum.Parse<ReportKind>(k), refund: Payable));
        Assert.That(OrderTruth.Fold(Payable, reports).Status, Is.EqualTo(expected));
    }

    [Test]
    public void PartRefunds_AddUp_AndAreCappedAtWhatWasPayable()
    {
        var part = new[] { Report(ReportKind.Paid), Report(ReportKind.Refunded, 300), Report(ReportKind.Refunded, 200) };
        Assert.That(OrderTruth.Fold(Payable, part), Has.Property("Status").EqualTo(OrderStatus.Paid).And.Property("RefundedMinor").EqualTo(500));
        var over = OrderTruth.Fold(Payable, [.. part, Report(ReportKind.Refunded, 600)]);
        Assert.That((over.Status, over.RefundedMinor, over.IsRefundedAbovePayable), Is.EqualTo((OrderStatus.Refunded, Payable, true)));
    }

    [Test]
    public void AnOrderWithNothingToPay_IsNotRefundedByItself()
    {
        Assert.That(OrderTruth.Fold(0, []).Status, Is.EqualTo(OrderStatus.Placed));
        Assert.That(OrderTruth.Fold(0, [Report(ReportKind.Paid)]).Status, Is.EqualTo(OrderStatus.Paid));
    }

    [Test]
    public void AnUnreportedPayment_IsDatedByTheFirstReportThatPresumesIt()
    {
        var truth = OrderTruth.Fold(Payable, [Report(ReportKind.Completed, minute: 9), Report(ReportKind.Shipped, minute: 5), Report(ReportKind.Cancelled, minute: 1)]);
        Assert.That(truth.PaidAt, Is.EqualTo(Market.Noon.AddMinutes(5)));
        Assert.That(truth.IsCancelledAfterPayment);
    }

    private static OrderReport Report(ReportKind kind, long refund = 0, int minute = 0) =>
        new(Market.NewId(), kind, Market.Noon.AddMinutes(minute), kind == ReportKind.Refunded ? refund : null);

    private static List<OrderReport> Reports((byte Kind, byte Minute, byte Refund)[] drawn) =>
        [.. drawn.Select(d => Report((ReportKind)(d.Kind % 6), 1 + d.Refund * 3, d.Minute))];
}
