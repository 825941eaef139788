using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>Writes what a transaction did to coupons and orders: one statement for all that differ in nothing but their values.</summary>
internal sealed class UseChanges(UnitOfWork work)
{
    public async Task Write(IReadOnlyCollection<HeldRedemption> redemptions, IReadOnlyCollection<HeldCoupon> coupons)
    {
        // An instant cannot stand in a list for both databases, so each deadline there is has its own statement. They are few: one a campaign's lock time.
        foreach (var sameDeadline in redemptions.Where(r => r.IsNew).GroupBy(r => r.Row.LockedUntil))
            await Execute(RedemptionSql.Insert, sameDeadline.Select(r => Texts(r.Row)), sameDeadline.Key);
        foreach (var sameDeadline in redemptions.Where(r => r is { IsNew: false, IsChanged: true }).GroupBy(r => r.Row.LockedUntil))
            await Execute(RedemptionSql.Update, sameDeadline.Select(r => Texts(r.Row)), sameDeadline.Key);
        await Execute(RedemptionSql.InsertUses, redemptions.Where(r => r.IsNew).SelectMany(r => r.Uses).Select(u => u.Row));
        await Execute(RedemptionSql.UpdateUses, redemptions.Where(r => r.IsChanged).SelectMany(r => r.Uses)
            .Select(u => new { u.Row.OrderId, u.Row.CouponId, u.Row.RolledBackMinor, Returned = u.Row.IsReturned ? 1 : 0 }));
        foreach (var sameDeadline in coupons.GroupBy(c => c.Row.LockedUntil))
        {
            var rows = sameDeadline.Select(c => new { c.Row.Id, c.WasVersion, c.Row.Version, State = c.Row.State.ToString(), c.Row.OrderId, c.Row.DiscountMinor, c.Row.Reason }).ToList();
            if (await work.Execute(HeldCouponSql.Change, new { Rows = Sql.Json(rows), LockedUntil = sameDeadline.Key }) != rows.Count)
                throw new InvalidOperationException("A coupon changed while it was held.");
        }
        await Deadlines(redemptions);
    }

    private async Task Deadlines(IReadOnlyCollection<HeldRedemption> redemptions)
    {
        foreach (var locked in redemptions.Where(r => (r.IsNew || r.IsChanged) && r.Row.Status == RedemptionStatus.Locked).GroupBy(r => r.Row.LockedUntil))
            await work.ScheduleAll(LapseLock.WorkKind, [.. locked.Select(r => LapseLock.KeyOf(r.Row.OrderId))], locked.Key);
        var settled = redemptions.Where(r => r is { IsNew: false, IsChanged: true } && r.Row.Status != RedemptionStatus.Locked).Select(r => LapseLock.KeyOf(r.Row.OrderId)).ToList();
        if (settled.Count > 0) await work.UnscheduleAll(LapseLock.WorkKind, settled);
    }

    private static object Texts(RedemptionRow row) => new
    {
        row.OrderId, row.CustomerId, row.Path, row.RequestHash, row.LinesMinor, Status = row.Status.ToString(), row.DiscountMinor, row.RefundedMinor, row.RolledBackMinor, row.Currency,
    };

    private async Task Execute<T>(string sql, IEnumerable<T> rows, DateTimeOffset? lockedUntil = null)
    {
        var json = Sql.Json(rows);
        if (json == "[]") return;
        await work.Execute(sql, new { Rows = json, LockedUntil = lockedUntil ?? work.Now, work.Now });
    }
}
