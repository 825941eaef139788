using Dapper;
using LiveCommerce.Support;
using Microsoft.Data.Sqlite;

namespace LiveCommerce.Orders.Tests;

internal sealed class MigrationTests
{
    [Test]
    public async Task OrdersOfTheTimeOfOneCoupon_KeepIt()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await connection.ExecuteAsync(await Text("0001_orders"));
        foreach (var (id, coupon, state, refusal) in new[] { ("o1", "'k1'", "'Redeemed'", "NULL"), ("o2", "'k2'", "NULL", "'coupon.expired'"), ("o3", "'k3'", "NULL", "NULL"), ("o4", "NULL", "NULL", "NULL") })
        {
            await connection.ExecuteAsync(
                "INSERT INTO Orders (Id, Version, Status, Tenant, Path, ShopPath, ShopOrderNo, CustomerId, AttributedBy, CouponId, CouponState, CouponRefusal, Currency, Lines, LinesMinor, " +
                "DiscountMinor, PayableMinor, RefundedMinor, WasPaid, IsCancelledAfterPayment, IsRefundedAbovePayable, PlacedAt) " +
                $"VALUES ('{id}', 1, 'Placed', '/', '/', '/', '1', 'c', 'Shop', {coupon}, {state}, {refusal}, 'CNY', '[]', 1, 0, 1, 0, 0, 0, 0, 1)");
        }
        await connection.ExecuteAsync("INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion) VALUES ('o1', 'k1', 3, 'Redeemed', 0)");
        await connection.ExecuteAsync("INSERT INTO CouponUses (OrderId, CouponId, Version, RefusalVersion, Refusal) VALUES ('o2', 'k2', 0, 1, 'coupon.expired')");
        await connection.ExecuteAsync("INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion) VALUES ('o5', 'k1', 2, 'Locked', 0)");
        await connection.ExecuteAsync("INSERT INTO Coupons (Id, Version, State, Path, CustomerId, ClaimedMicros) VALUES ('k1', 3, 'Redeemed', '/', 'c', 5)");

        await connection.ExecuteAsync(await Text("0002_several_coupons"));

        Assert.That(await connection.QueryAsync<string>("SELECT Id || ' ' || CouponIds || ' ' || IsCouponSpent FROM Orders ORDER BY Id"),
            Is.EqualTo(new[] { "o1 [\"k1\"] 1", "o2 [\"k2\"] 0", "o3 [\"k3\"] 0", "o4 [] 0" }));
        Assert.That(await connection.QueryAsync<string>("SELECT OrderId || ' ' || CouponId || ' ' || Version || ' ' || COALESCE(State, '-') || ' ' || COALESCE(Refusal, '-') || ' ' || IsNamed FROM CouponUses ORDER BY OrderId"),
            Is.EqualTo(new[] { "o1 k1 3 Redeemed - 1", "o2 k2 0 - coupon.expired 1", "o3 k3 0 - - 1", "o5 k1 2 Locked - 0" }));
        Assert.That(await connection.QueryAsync<string>("SELECT Id || ' ' || State || ' ' || COALESCE(ClaimedMicros, '-') FROM Coupons ORDER BY Id"),
            Is.EqualTo(new[] { "k1 Redeemed 5", "k2 Claimed -", "k3 Claimed -" }), "orders wait for the claims of those that are not there");
    }

    private static Task<string> Text(string name) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "services", "Orders", "Migrations", "sqlite", $"{name}.sql"));
}
