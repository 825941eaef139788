using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>Writes what a transaction did to coupons and orders: one statement for all that differ in nothing but their values.</summary>
internal sealed class UseChanges(UnitOfWork work)
{
    public async Task Write(IReadOnlyCollection<HeldRedemption> redemptions, IReadOnlyCollection<HeldCoupon> coupons)
    {
        var added = redemptions.Where(r => r.IsNew).ToList();
        var changed = redemptions.Where(r => r is { IsNew: false, IsChanged: true }).ToList();
        // An instant cannot stand in a list for both databases, so each deadline there is has its own statement. They are few: one a campaign's lock time.
        foreach (var sameDeadline in added.GroupBy(r => r.Row.LockedUntil))
            await Execute(RedemptionSql.Insert, sameDeadline.Select(r => RedemptionSql.Row(r.Row)), sameDeadline.Key);
        foreach (var sameDeadline in changed.GroupBy(r => r.Row.LockedUntil))
            await Execute(RedemptionSql.Update, sameDeadline.Select(r => RedemptionSql.Row(r.Row)), sameDeadline.Key);
        await Execute(RedemptionSql.InsertUses, added.SelectMany(r => r.Uses).Select(u => RedemptionSql.Row(u.Row)));
        await Execute(RedemptionSql.UpdateUses, changed.SelectMany(r => r.Uses).Where(u => u.IsChanged).Select(u => RedemptionSql.Row(u.Row)));
        foreach (var sameDeadline in coupons.GroupBy(c => c.Row.LockedUntil))
        {
            var rows = sameDeadline.Select(HeldCouponSql.Row).ToList();
            if (await work.Execute(HeldCouponSql.Change, new { Rows = Sql.Json(rows), LockedUntil = sameDeadline.Key }) != rows.Count)
                throw new InvalidOperationException("A coupon changed while it was held.");
        }
        await Deadlines(added, changed);
    }

    private async Task Deadlines(IReadOnlyList<HeldRedemption> added, IReadOnlyList<HeldRedemption> changed)
    {
        var again = changed.Where(r => r.Row.Status == RedemptionStatus.Locked);
        await Unschedule(changed);
        foreach (var locked in added.Where(r => r.Row.Status == RedemptionStatus.Locked).Concat(again).GroupBy(r => r.Row.LockedUntil))
            await work.ScheduleAll(LapseLock.WorkKind, [.. locked.Select(r => LapseLock.KeyOf(r.Row.OrderId))], locked.Key);
    }

    private async Task Unschedule(IReadOnlyList<HeldRedemption> changed)
    {
        if (changed.Count > 0) await work.UnscheduleAll(LapseLock.WorkKind, [.. changed.Select(r => LapseLock.KeyOf(r.Row.OrderId))]);
    }

    private async Task Execute(string sql, IEnumerable<object?[]> rows, DateTimeOffset? lockedUntil = null)
    {
        var json = Sql.Json(rows);
        if (json == "[]") return;
        await work.Execute(sql, new { Rows = json, LockedUntil = lockedUntil ?? work.Now, work.Now });
    }
}
