namespace LiveCommerce.AllInOne.Demo;

/// <summary>A unit of the demonstration, with whoever acts for it.</summary>
internal sealed record DemoUnit(Guid Id, string Path, string Name, string SignInName, Api Member)
{
    public Guid HostId { get; init; }

    public Guid RoomId { get; init; }

    public Guid ChannelId { get; init; }

    /// <summary>Resellers: what their mandate covers.</summary>
    public IReadOnlyList<Guid> BrandIds { get; init; } = [];
}

/// <summary>Step one: the tree, its people, brands, mandates, hosts, rooms and channels.</summary>
internal sealed class DemoGroup
{
    /// <summary>So many of the brands are of grade A.</summary>
    public const int BestBrands = 5;

    private static readonly string[] RegionNames = ["north", "east", "south", "west", "centre"];
    private static readonly string[] ResellerKinds = ["ServiceProvider", "Franchisee", "Agent", "Dealer"];
    private static readonly string[] BrandNames =
    [
        "Alder", "Birch", "Cedar", "Dahlia", "Elm", "Fern", "Ginkgo", "Hazel", "Iris", "Jasmine", "Kale", "Laurel", "Maple", "Nettle", "Oak", "Pine", "Quince", "Rowan",
    ];

    /// <summary>Acts for the administrator of the headquarters.</summary>
    public required Api Admin { get; init; }

    public required DemoUnit Headquarters { get; init; }

    public required IReadOnlyList<DemoUnit> Regions { get; init; }

    public required IReadOnlyList<DemoUnit> Resellers { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required IReadOnlyList<string> BrandCodes { get; init; }

    /// <summary>The shop of the headquarters, and one for each region.</summary>
    public required Api Shop { get; init; }

    public required IReadOnlyList<Api> RegionShops { get; init; }

    public static async Task<DemoGroup> Create(MainJob job, CancellationToken ct)
    {
        var (scale, run, ids) = (job.Scale, job.Run, job.Ids);
        var operatorApi = await job.Anonymous.SignIn("operator", job.OperatorSecret, ct);
        var hq = await operatorApi.Post("/organization/headquarters", ids.Key("hq"), new
        {
            code = run,
            name = "Aurora Fashion Group",
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = $"admin@{run}", displayName = "Aurora Administrator", password = MainJob.Password },
        }, ct);
        var admin = await job.Anonymous.SignIn($"admin@{run}", MainJob.Password, ct);
        var headquarters = await Staff(job, admin, hq.Id, $"/{run}/", "Aurora Fashion Group", $"planner@{run}", null, ct);

        var brandCodes = BrandNames.Take(scale.Brands).Select(n => n.ToLowerInvariant()).ToList();
        var brands = new List<Guid>();
        for (var i = 0; i < scale.Brands; i++)
        {
            var brand = new { code = brandCodes[i], name = BrandNames[i], grade = i < BestBrands ? "A" : "B" };
            brands.Add((await admin.Post("/organization/brands", ids.Key($"brand/{i}"), brand, ct)).Id);
        }
        var regions = new List<DemoUnit>();
        for (var i = 0; i < scale.Regions; i++)
        {
            var unit = new { parentId = hq.Id, code = RegionNames[i], name = $"Region {RegionNames[i]}", kind = "Region" };
            regions.Add(await Unit(job, admin, unit, unit.name, $"{RegionNames[i]}@{run}", $"region/{i}", ct));
        }
        var resellers = new List<DemoUnit>();
        for (var i = 0; i < scale.Resellers; i++)
        {
            // One in six hangs directly under headquarters.
            var parent = i % 6 == 5 ? headquarters : regions[i % scale.Regions];
            var unit = new { parentId = parent.Id, code = $"r{i + 1}", name = $"Reseller {i + 1}", kind = "Reseller", resellerKind = ResellerKinds[i % 4] };
            var reseller = await Unit(job, admin, unit, unit.name, $"r{i + 1}@{run}", $"reseller/{i}", ct);
            resellers.Add(await Mandate(job, admin, reseller, [brands[i % brands.Count], brands[(i + 1) % brands.Count]], i, ct));
        }
        headquarters = await Resources(job, headquarters, ct);
        var shop = await OpenShop(job, admin, headquarters, ct);
        var shops = new List<Api>();
        for (var i = 0; i < regions.Count; i++)
        {
            regions[i] = await Resources(job, regions[i], ct);
            shops.Add(await OpenShop(job, admin, regions[i], ct));
        }
        for (var i = 0; i < resellers.Count; i++) resellers[i] = await Resources(job, resellers[i], ct);
        return new DemoGroup
        {
            Admin = admin,
            Headquarters = headquarters,
            Regions = regions,
            Resellers = resellers,
            BrandIds = brands,
            BrandCodes = brandCodes,
            Shop = shop,
            RegionShops = shops,
        };
    }

    private static async Task<DemoUnit> Unit(MainJob job, Api admin, object body, string name, string signInName, string key, CancellationToken ct)
    {
        var unit = await admin.Post("/organization/units", job.Ids.Key(key), body, ct);
        return await Staff(job, admin, unit.Id, (string)unit.Json!["path"]!, name, signInName, key, ct);
    }

    private static async Task<DemoUnit> Staff(MainJob job, Api admin, Guid unitId, string path, string name, string signInName, string? key, CancellationToken ct)
    {
        await admin.Post("/organization/members", job.Ids.Key($"{key ?? "hq"}/member"), new
        {
            unitId,
            signInName,
            displayName = $"Planner of {name}",
            password = MainJob.Password,
            roles = new[] { "Planner", "Merchandiser", "Marketer", "Analyst" },
        }, ct);
        return new DemoUnit(unitId, path, name, signInName, await job.Anonymous.SignIn(signInName, MainJob.Password, ct));
    }

    private static async Task<DemoUnit> Mandate(MainJob job, Api admin, DemoUnit reseller, IReadOnlyList<Guid> brandIds, int number, CancellationToken ct)
    {
        await admin.Post("/organization/mandates", job.Ids.Key($"mandate/{number}"), new
        {
            resellerId = reseller.Id,
            brandIds = brandIds.Distinct(),
            channels = new[] { "MiniProgram", "VideoAccount" },
            opensAt = job.Start.AddDays(-1),
            closesAt = job.Start.AddDays(90),
            sessionsPerWeek = 7,
            deepestDiscountPercent = 40,
        }, ct);
        return reseller with { BrandIds = [.. brandIds.Distinct()] };
    }

    private static async Task<DemoUnit> Resources(MainJob job, DemoUnit unit, CancellationToken ct)
    {
        var key = $"unit{unit.Path}";
        var host = await unit.Member.Post("/scheduling/hosts", job.Ids.Key($"{key}host"), new { unitId = unit.Id, name = $"Host of {unit.Name}" }, ct);
        var room = await unit.Member.Post("/scheduling/rooms", job.Ids.Key($"{key}room"), new { unitId = unit.Id, name = $"Studio of {unit.Name}" }, ct);
        var channel = await unit.Member.Post("/scheduling/channels", job.Ids.Key($"{key}channel"), new { unitId = unit.Id, name = $"Mini program of {unit.Name}", kind = "MiniProgram" }, ct);
        return unit with { HostId = host.Id, RoomId = room.Id, ChannelId = channel.Id };
    }

    private static async Task<Api> OpenShop(MainJob job, Api admin, DemoUnit unit, CancellationToken ct)
    {
        var program = await admin.Post("/organization/programs", job.Ids.Key($"unit{unit.Path}shop"), new { unitId = unit.Id, name = $"Shop of {unit.Name}", roles = new[] { "Storefront" } }, ct);
        return await job.Anonymous.SignIn((string)program.Json!["signInName"]!, (string)program.Json["secret"]!, ct);
    }
}
