namespace LiveCommerce.AllInOne.Demo;

/// <summary>Beside the session: a campaign whose stock is shared out down the tree, and printed codes that are claimed once.</summary>
internal sealed class DemoQuotas(MainJob job, DemoGroup group)
{
    /// <summary>Coupons a region gets, of which it gives a part to a reseller below it.</summary>
    private const int EachRegion = 10;

    private const int EachReseller = 4;
    private const int Codes = 20;
    private const long CouponMinor = 10_00;

    private readonly Api _planner = group.Headquarters.Member;
    private readonly List<DemoCheck> _checks = [];
    private Guid _campaignId;

    public async Task<IReadOnlyList<DemoCheck>> ShareOut(CancellationToken ct)
    {
        await Start(ct);
        for (var region = 0; region < group.Regions.Count; region++) await ToRegion(region, ct);
        await PrintCodes(ct);
        var root = (await _planner.Get($"/coupons/campaigns/{_campaignId}/allocations", ct)).Json!["nodes"]![0]!;
        var claimed = group.Regions.Count * (EachRegion - EachReseller) + 1;
        Check("Quota: claimed in the whole tree", claimed, (long)root["claimed"]!);
        Check("Quota: allocated = given + claimed here + remaining", (long)root["allocated"]!, (long)root["given"]! + (long)root["claimedHere"]! + (long)root["remaining"]!);
        Check("Quota: what regions, resellers and codes hold = given", (long)root["given"]!, root["children"]!.AsArray().Sum(c => (long)c!["allocated"]!));
        return _checks;
    }

    private async Task Start(CancellationToken ct)
    {
        object Window(int days) => new { opens = new { at = job.Start.AddDays(-1) }, closes = new { at = job.Start.AddDays(days) } };
        var campaign = await _planner.Post("/coupons/campaigns", job.Ids.Key("members"), new
        {
            name = "10 off for members",
            ownerUnitId = group.Headquarters.Id,
            benefit = new { kind = "AmountOff", amountMinor = CouponMinor },
            stock = 1_000,
            perCustomerLimit = 1,
            claimWindow = Window(30),
            redemptionWindow = Window(60),
        }, ct);
        _campaignId = campaign.Id;
        await group.Admin.Post($"/coupons/campaigns/{_campaignId}/approve", job.Ids.Key("members/approve"), null, ct);
        await _planner.Post($"/coupons/campaigns/{_campaignId}/start", job.Ids.Key("members/start"), null, ct);
    }

    /// <summary>What the region keeps is claimed in its shop, and one more is asked for.</summary>
    private async Task ToRegion(int number, CancellationToken ct)
    {
        var region = group.Regions[number];
        await Allocate(_planner, region, EachRegion, ct);
        await Allocate(region.Member, group.Resellers.First(r => r.Path.StartsWith(region.Path, StringComparison.Ordinal)), EachReseller, ct);
        ApiAnswer answer;
        var customer = 0;
        do
        {
            var claim = new { campaignId = _campaignId, customerId = $"member-{number}-{customer}" };
            answer = await group.RegionShops[number].Try(HttpMethod.Put, $"/coupons/claims/{job.Ids.Of($"member/{number}", customer)}", claim, ct);
        }
        while (answer.IsSuccess && ++customer <= EachRegion);
        Check($"Quota: claims through {region.Name}", EachRegion - EachReseller, customer);
        Check("… and one more is refused, whatever others have left", "claim.quota_spent", answer.Code ?? "");
    }

    private async Task Allocate(Api giver, DemoUnit unit, int stock, CancellationToken ct) =>
        await giver.Post($"/coupons/campaigns/{_campaignId}/allocate", job.Ids.Key($"members/{unit.Path}"), new { unitId = unit.Id, stock }, ct);

    private async Task PrintCodes(CancellationToken ct)
    {
        var batch = await _planner.Post($"/coupons/campaigns/{_campaignId}/code-batches", job.Ids.Key("codes"), new { count = Codes, name = "Leaflets in parcels" }, ct);
        var file = await _planner.GetText($"/coupons/code-batches/{batch.Id}/codes.csv", ct);
        var code = file.Split('\n')[1].Trim().Split(',')[1];
        Task<ApiAnswer> Claim(string name, string text) =>
            group.Shop.Try(HttpMethod.Put, $"/coupons/claims/{job.Ids.Of(name, 0)}", new { code = text, customerId = name }, ct);

        Check("A printed code is claimed", true, (await Claim("code-first", code)).IsSuccess);
        Check("… by one customer only", "code.already_claimed", (await Claim("code-second", code)).Code ?? "");
    }

    private void Check<T>(string what, T expected, T found) => _checks.Add(new DemoCheck(what, $"{expected}", $"{found}"));
}
