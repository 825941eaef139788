namespace LiveCommerce.AllInOne.Demo;

/// <summary>Step two: a month of sessions over the four tiers, and one double booking that must be refused.</summary>
internal sealed class DemoMonth(MainJob job, DemoGroup group)
{
    /// <summary>The session that is lived through: a group broadcast in two hours.</summary>
    public Guid SessionId { get; private set; }

    public DateTimeOffset StartsAt { get; } = job.Start.AddHours(2);

    public TimeSpan Length { get; } = TimeSpan.FromHours(3);

    public string? DoubleBookingCode { get; private set; }

    public bool DoubleBookingNamesTheOther { get; private set; }

    public async Task Schedule(Action<int, int> progress, CancellationToken ct)
    {
        var hq = group.Headquarters;
        var first = await Book(0, "GroupBroadcast", hq, group.BrandIds, StartsAt, Length, ct);
        SessionId = first.Id;
        await hq.Member.Post("/scheduling/key-dates", job.Ids.Key("key-date"), new
        {
            unitId = hq.Id,
            title = "Autumn festival",
            startsAt = job.Start.AddDays(10),
            endsAt = job.Start.AddDays(12),
            leadTimeDays = 14,
        }, ct);
        var midnight = job.Start.Date;
        for (var i = 1; i < job.Scale.Sessions; i++)
        {
            // Each owner streams on its own days, so nothing collides unless it is meant to.
            var (tier, owner, hour) = (i % 10) switch
            {
                0 => ("GroupBroadcast", hq, 12),
                1 => ("BrandBroadcast", hq, 6),
                < 4 => ("RegionalBroadcast", group.Regions[i % group.Regions.Count], 11),
                _ => ("ResellerBroadcast", group.Resellers[i % group.Resellers.Count], 2),
            };
            var day = 2 + i * 28 / job.Scale.Sessions;
            var brands = tier switch
            {
                "ResellerBroadcast" => owner.BrandIds,
                "BrandBroadcast" => [group.BrandIds[i % Math.Min(DemoGroup.BestBrands, group.BrandIds.Count)]],
                _ => [group.BrandIds[i % group.BrandIds.Count]],
            };
            await Book(i, tier, owner, brands, new DateTimeOffset(midnight, TimeSpan.Zero).AddDays(day).AddHours(hour), TimeSpan.FromHours(3), ct);
            progress(i + 1, job.Scale.Sessions);
        }
        await BookTwice(first.Id, ct);
    }

    private async Task BookTwice(Guid taken, CancellationToken ct)
    {
        var body = Body(999, "GroupBroadcast", group.Headquarters, [group.BrandIds[0]], StartsAt.AddHours(1), Length);
        var answer = await group.Headquarters.Member.Try(HttpMethod.Post, "/scheduling/sessions", body, ct);
        DoubleBookingCode = answer.Code;
        DoubleBookingNamesTheOther = answer.Json?["conflicts"]?.AsArray().Any(c => (Guid?)c?["sessionId"] == taken) == true;
    }

    private async Task<ApiAnswer> Book(int number, string tier, DemoUnit owner, IReadOnlyList<Guid> brands, DateTimeOffset startsAt, TimeSpan length, CancellationToken ct)
    {
        var session = await owner.Member.Post("/scheduling/sessions", job.Ids.Key($"session/{number}"), Body(number, tier, owner, brands, startsAt, length), ct);
        if (owner != group.Headquarters)
            await group.Headquarters.Member.Post($"/scheduling/sessions/{session.Id}/approve", job.Ids.Key($"session/{number}/approve"), null, ct);
        return session;
    }

    private static object Body(int number, string tier, DemoUnit owner, IReadOnlyList<Guid> brands, DateTimeOffset startsAt, TimeSpan length) => new
    {
        title = $"{tier} {number} of {owner.Name}",
        theme = "Autumn, new in",
        tier,
        ownerUnitId = owner.Id,
        brandIds = brands,
        channelIds = new[] { owner.ChannelId },
        hostId = owner.HostId,
        coHostIds = Array.Empty<Guid>(),
        roomId = owner.RoomId,
        startsAt,
        endsAt = startsAt + length,
        goals = new { views = 100_000, conversionRate = 0.02m, averageOrderValueMinor = 30_000 },
    };
}
