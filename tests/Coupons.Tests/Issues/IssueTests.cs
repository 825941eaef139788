using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Issues;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Issues;

internal sealed class IssueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Stage _stage = null!;

    [SetUp]
    public async Task Set() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    private CouponsDb Db => (CouponsDb)_stage.Host.Services.GetServices<ServiceDb>().Single(d => d is CouponsDb);

    [Test]
    public async Task EachCustomerOfAList_GetsACoupon_WhateverTheClaimWindowSays()
    {
        var campaign = await _stage.Campaign(_stage.Terms(claim: Stage.Between(_stage.Now.AddHours(1), _stage.Now.AddHours(2))));
        var session = await _stage.Scheduled(Stage.North);
        var job = await Issue(campaign, new
        {
            customers = new object[] { new { customerId = "ann", guideId = "g1", sourceLink = "sorry" }, new { customerId = "bob", sessionId = session.SessionId } },
        });
        Assert.That((job.Status, (string?)job.Json["status"], (int)job.Json["customers"]!), Is.EqualTo((202, "Running", 2)));
        var done = await Ended(job.Id);
        Assert.That(((string?)done["status"], (int)done["carried"]!, (int)done["issued"]!, (int)done["refused"]!), Is.EqualTo(("Finished", 2, 2, 0)));
        var ann = (await _stage.Shop(Stage.Hq).Get("/coupons/customers/ann/coupons")).Json["items"]![0]!;
        Assert.That(((string?)ann["origin"], (string?)ann["guideId"], (string?)ann["sourceLink"]), Is.EqualTo(("Issue", "g1", "sorry")));
        var told = (await _stage.Heard<CouponsClaimed>()).SelectMany(e => e.Claims).ToList();
        Assert.That(told.Select(c => (c.CustomerId, c.Origin, c.UnitPath)), Is.EquivalentTo(new[] { ("ann", CouponOrigin.Issue, Stage.Hq), ("bob", CouponOrigin.Issue, Stage.North) }));
        Assert.That(await Rows(job.Id), Is.EqualTo(new[] { $"1,ann,Issued,,{ann["id"]}", $"2,bob,Issued,,{told.Single(c => c.CustomerId == "bob").CouponId}" }));
    }

    [Test]
    public async Task WhoGetsNone_IsToldWhy()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 3, limit: 2));
        var job = await IssueCsv(campaign, "customerId\nann\nann\nann\nbob\ncyd\n");
        var done = await Ended(job.Id);
        Assert.That(((int)done["carried"]!, (int)done["issued"]!, (int)done["refused"]!), Is.EqualTo((5, 3, 2)));
        Assert.That((await Rows(job.Id)).Select(r => string.Join(',', r.Split(',')[1..4])), Is.EqualTo(new[]
        {
            "ann,Issued,", "ann,Issued,", "ann,Refused,claim.per_customer_limit", "bob,Issued,", "cyd,Refused,claim.out_of_stock",
        }));
        var session = await IssueCsv(campaign, $"customerId,sessionId\nann,{_stage.NewId()}\n");
        await Ended(session.Id);
        Assert.That((await Rows(session.Id)).Single(), Does.EndWith("Refused,claim.session_unknown,"));
        Assert.That(await Db.Query<string>("SELECT Code FROM Refusals ORDER BY Code"), Does.Contain("claim.out_of_stock").And.Contain("claim.per_customer_limit"));
    }

    [Test]
    public async Task SegmentsHold_AndAreTakenFromTheList()
    {
        var terms = JsonNode.Parse(JsonSerializer.Serialize(_stage.Terms()))!;
        terms["scope"] = JsonNode.Parse("""{"segments":["gold","silver"]}""");
        var campaign = await _stage.Campaign(terms);
        var job = await IssueCsv(campaign, "customerId,segments\nann,bronze; silver\nbob,bronze\ncyd,\n");
        await Ended(job.Id);
        Assert.That((await Rows(job.Id)).Select(r => string.Join(',', r.Split(',')[1..4])), Is.EqualTo(new[]
        {
            "ann,Issued,", "bob,Refused,claim.not_in_segment", "cyd,Refused,claim.not_in_segment",
        }));
    }

    [Test]
    public async Task AFile_MayNameItsColumnsInAnyOrder_AndHoldAnyText()
    {
        var campaign = await _stage.Campaign();
        var channel = _stage.NewId();
        var job = await IssueCsv(campaign, $"\uFEFFchannelId,CustomerID,guideId,sourceLink,sessionId\r\n{channel},  李雷 ,\"g,1\",\"he said \"\"hi\"\"\",\r\n\r\n,bob,,,\r\n");
        Assert.That((int)(await Ended(job.Id))["issued"]!, Is.EqualTo(2));
        var coupon = (await _stage.Shop(Stage.Hq).Get("/coupons/customers/李雷/coupons")).Json["items"]![0]!;
        Assert.That(((Guid)coupon["channelId"]!, (string?)coupon["guideId"], (string?)coupon["sourceLink"]), Is.EqualTo((channel, "g,1", "he said \"hi\"")));
    }

    [Test]
    public async Task AFileWithAFault_IssuesNothing_AndNamesEveryLine()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10_000));
        var good = string.Concat(Enumerable.Range(0, 2500).Select(i => $"c{i},,\n"));
        var answer = await IssueCsv(campaign, $"customerId,sessionId,segments\n{good},,\nann,nonsense,\n{new string('x', 65)},,\n\"broken\"quote,,\ntoo,few\nann,,{new string('s', 501)}\n");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "csv.has_faults")), answer.Content);
        Assert.That(BadInput.FaultsOf(answer), Is.EqualTo(new[]
        {
            "line 2502 csv.customer_missing", "line 2503 csv.id_invalid", "line 2504 csv.text_invalid", "line 2505 csv.quotes", "line 2506 csv.field_count", "line 2507 csv.segments_invalid",
        }));
        Assert.That((int)answer.Json["faultCount"]!, Is.EqualTo(6));
        await _stage.Host.CarryOutDue();
        foreach (var table in new[] { "IssueJobs", "IssueRows", "Coupons", "DueWork" }) Assert.That(await Db.Scalar<long>($"SELECT COUNT(*) FROM {table}"), Is.Zero, table);
    }

    [Test]
    public async Task OfManyFaults_TheFirstHundredAreListed_AndAllAreCounted()
    {
        var campaign = await _stage.Campaign();
        var answer = await IssueCsv(campaign, $"customerId,guideId\n{string.Concat(Enumerable.Repeat(",g\n", 3000))}");
        Assert.That(BadInput.FaultsOf(answer), Has.Count.EqualTo(100).And.All.EndsWith("csv.customer_missing"));
        Assert.That((int)answer.Json["faultCount"]!, Is.EqualTo(3000));
    }

    [TestCase("", "csv.empty")]
    [TestCase("customerId\n", "csv.empty")]
    [TestCase("\n\n", "csv.empty")]
    [TestCase("guideId\ng\n", "csv.missing_column")]
    [TestCase("customerId,customerid\na,b\n", "csv.column_repeated")]
    [TestCase("customerId,guide_id\na,b\n", "csv.unknown_column")]
    [TestCase("customerId\n\xC3\x28\n", "csv.not_utf8")]
    public async Task AFileThatCannotBeRead_IsRefused(string text, string code)
    {
        var campaign = await _stage.Campaign();
        var answer = await Send(campaign, Encoding.Latin1.GetBytes(text), "text/csv");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, code)), answer.Content);
    }

    [Test]
    public async Task AnUnclosedQuote_DoesNotFillTheMemory()
    {
        var campaign = await _stage.Campaign();
        var answer = await Send(campaign, Encoding.UTF8.GetBytes($"customerId\n\"{new string('x', 1 << 20)}"), "text/csv");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "csv.malformed")), answer.Content);
    }

    [Test]
    public async Task ABadList_IsRefusedWithEveryFault()
    {
        var campaign = await _stage.Campaign();
        var answer = await Issue(campaign, new { customers = new object[] { new { customerId = "" }, new { customerId = "ann", guideId = " g", segments = new[] { "" } } } });
        Assert.That(BadInput.FaultsOf(answer), Is.EqualTo(new[] { "/customers/0/customerId text.invalid", "/customers/1/guideId text.invalid", "/customers/1/segments/0 text.invalid" }));
        Assert.That(BadInput.FaultsOf(await Issue(campaign, new { customers = Array.Empty<object>() })), Is.EqualTo(new[] { "/customers list.length" }));
        var many = await Issue(campaign, new { customers = Enumerable.Range(0, 10_001).Select(i => new { customerId = $"c{i}" }) });
        Assert.That(BadInput.FaultsOf(many), Is.EqualTo(new[] { "/customers list.length" }));
        Assert.That(await BadInput.WrongAnswers(_stage.Marketer(), HttpMethod.Post, $"/coupons/campaigns/{campaign}/issues"), Is.Empty);
        var draft = await _stage.Draft(_stage.Terms());
        Assert.That((await IssueCsv(draft, "customerId\nann\n")).Code, Is.EqualTo("campaign.not_issuing"));
        Assert.That((await IssueCsv(_stage.NewId(), "customerId\nann\n")).Code, Is.EqualTo("campaign.not_found"));
    }

    [Test]
    public async Task TwentyThousandRows_AddUp_ToTheLast()
    {
        const int Rows = 20_000;
        var campaign = await _stage.Campaign(_stage.Terms(stock: 15_000, limit: 1));
        var elapsed = Stopwatch.StartNew();
        // Every tenth customer is there twice.
        var job = await IssueCsv(campaign, $"customerId\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"c{(i % 10 == 9 ? i - 1 : i)}\n"))}");
        var uploaded = elapsed.Elapsed;
        Assert.That((job.Status, (int)job.Json["customers"]!), Is.EqualTo((202, Rows)), job.Content);
        var done = await Ended(job.Id);
        var carried = elapsed.Elapsed - uploaded;
        Assert.That(((int)done["carried"]!, (int)done["issued"]!, (int)done["refused"]!), Is.EqualTo((Rows, 15_000, 5_000)));
        var rows = await this.Rows(job.Id);
        Assert.That(rows.Select(r => int.Parse(r.Split(',')[0], CultureInfo.InvariantCulture)), Is.EqualTo(Enumerable.Range(1, Rows)));
        Assert.That(rows.Count(r => r.Contains(",Issued,,", StringComparison.Ordinal)), Is.EqualTo(15_000));
        var refused = rows.Where(r => r.Contains("Refused", StringComparison.Ordinal)).CountBy(r => r.Split(',')[3]).ToDictionary();
        Assert.That(refused.Values.Sum(), Is.EqualTo(5_000));
        Assert.That(refused.Keys, Is.EquivalentTo(new[] { "claim.per_customer_limit", "claim.out_of_stock" }));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Coupons"), Is.EqualTo(15_000));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(DISTINCT CustomerId) FROM Coupons"), Is.EqualTo(15_000));
        Assert.That(await Db.Scalar<long>("SELECT SUM(Issued) FROM Figures"), Is.EqualTo(15_000));
        Assert.That(await Db.Scalar<long>("SELECT SUM(Taken) FROM QuotaNodes"), Is.EqualTo(15_000));
        Assert.That((await _stage.Heard<CouponsClaimed>()).Sum(e => e.Claims.Count), Is.EqualTo(15_000));
        await TestContext.Out.WriteLineAsync($"{Rows / uploaded.TotalSeconds:N0} rows/s uploaded, {Rows / carried.TotalSeconds:N0} rows/s carried");
    }

    [Test]
    public async Task ClaimsGoOn_WhileAJobIsCarriedOut()
    {
        const int Rows = 10_000;
        await _stage.Host.HoldDueWork();
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100_000));
        var job = await IssueCsv(campaign, $"customerId\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"c{i}\n"))}");
        var claimed = 0;
        while ((string?)(await Read(job.Id))["status"] == "Running")
        {
            var part = _stage.Host.CarryOutDueOnce();
            Assert.That((await _stage.Claim(campaign, $"claimer{claimed++}")).Status, Is.EqualTo(201));
            await part;
        }
        Assert.That(claimed, Is.EqualTo(Rows / CarryIssue.ChunkSize), "a part at a time, and a claim beside each");
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Coupons"), Is.EqualTo(Rows + claimed));
    }

    [Test]
    public async Task AStoppedProcess_GoesOnWhereItWas_AndRepeatsNothing()
    {
        const int Rows = 10_000;
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100_000));
        var job = await IssueCsv(campaign, $"customerId\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"c{i}\n"))}");
        while ((int)(await Read(job.Id))["carried"]! < 1000) await Task.Yield();
        await _stage.Host.Stop();
        var clock = new ManualClock(_stage.Now);
        var again = await TestHost.StartIn(_stage.Host.Folder, clock, new CouponsModule());
        try
        {
            var marketer = again.At(Stage.Hq, Role.Marketer);
            var before = (await marketer.Get($"/coupons/issues/{job.Id}")).Json;
            Assert.That((int)before["carried"]!, Is.GreaterThanOrEqualTo(1000));
            Assert.That((int)before["carried"]! % CarryIssue.ChunkSize, Is.Zero);
            var limit = Stopwatch.StartNew();
            JsonNode now;
            while ((string?)(now = (await marketer.Get($"/coupons/issues/{job.Id}")).Json)["status"] == "Running" && limit.Elapsed < Patience) await Pause();
            Assert.That(((string?)now["status"], (int)now["carried"]!, (int)now["issued"]!), Is.EqualTo(("Finished", Rows, Rows)));
            var db = again.Services.GetServices<ServiceDb>().Single(d => d is CouponsDb);
            Assert.That(await db.Scalar<long>("SELECT COUNT(*) FROM Coupons"), Is.EqualTo(Rows));
            Assert.That(await db.Scalar<long>("SELECT COUNT(*) FROM IssueRows r JOIN Coupons k ON k.Id = r.CouponId AND k.CustomerId = r.CustomerId"), Is.EqualTo(Rows));
            Assert.That(await db.Scalar<long>("SELECT SUM(Taken) FROM QuotaNodes"), Is.EqualTo(Rows));
        }
        finally
        {
            await again.Stop();
        }
    }

    [Test]
    public async Task AJobThatIsCancelled_Stops_AndWhatWasIssuedStays()
    {
        const int Rows = 20_000;
        await _stage.Host.HoldDueWork();
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100_000));
        var job = await IssueCsv(campaign, $"customerId\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"c{i}\n"))}");
        await _stage.Host.CarryOutDueOnce();
        var cancelled = await _stage.Marketer().Post($"/coupons/issues/{job.Id}/cancel");
        Assert.That((cancelled.Status, (string?)cancelled.Json["status"]), Is.EqualTo((200, "Cancelled")), cancelled.Content);
        var carried = (int)cancelled.Json["carried"]!;
        Assert.That(carried, Is.GreaterThan(0).And.LessThan(Rows));
        await _stage.Host.CarryOutDue();
        Assert.That((await Read(job.Id)).ToJsonString(), Is.EqualTo(cancelled.Json.ToJsonString()));
        Assert.That((await _stage.Marketer().Post($"/coupons/issues/{job.Id}/cancel")).Content, Is.EqualTo(cancelled.Content), "cancelling again changes nothing");
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Coupons"), Is.EqualTo(carried));
        var outcomes = (await this.Rows(job.Id)).CountBy(r => r.Split(',')[2]).ToDictionary();
        Assert.That(outcomes, Is.EquivalentTo(new Dictionary<string, int> { ["Issued"] = carried, ["Cancelled"] = Rows - carried }));
        var finished = await IssueCsv(campaign, "customerId\nzed\n");
        await _stage.Host.CarryOutDue();
        Assert.That((await _stage.Marketer().Post($"/coupons/issues/{finished.Id}/cancel")).Code, Is.EqualTo("issue.finished"));
    }

    [Test]
    public async Task APausedCampaignsJob_Waits_AndAStoppedOnes_IsRefusedRowByRow()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/pause")).Status, Is.EqualTo(200));
        var job = await IssueCsv(campaign, "customerId\nann\nbob\n");
        await _stage.Host.CarryOutDue();
        Assert.That(((string?)(await Read(job.Id))["status"], (int)(await Read(job.Id))["carried"]!), Is.EqualTo(("Running", 0)));
        Assert.That(await Rows(job.Id), Is.EqualTo(new[] { "1,ann,Waiting,,", "2,bob,Waiting,," }));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/resume")).Status, Is.EqualTo(200));
        _stage.Clock.Advance(CarryIssue.LookAgainAfter);
        Assert.That((int)(await Ended(job.Id))["issued"]!, Is.EqualTo(2));
        await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/pause");
        var late = await IssueCsv(campaign, "customerId\ncyd\n");
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/stop")).Status, Is.EqualTo(200));
        _stage.Clock.Advance(CarryIssue.LookAgainAfter);
        Assert.That((int)(await Ended(late.Id))["refused"]!, Is.EqualTo(1));
        Assert.That((await Rows(late.Id)).Single(), Is.EqualTo("1,cyd,Refused,campaign.not_issuing,"));
    }

    [Test]
    public async Task ARepeatedFile_IsOneJob_AndAnotherUnderItsKeyIsRefused()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 5));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => IssueCsv(campaign, "customerId\nann\nbob\n", "k1")));
        Assert.That(answers.Select(a => (a.Status, a.Id)).Distinct().Count(), Is.EqualTo(1), answers[^1].Content);
        Assert.That((await IssueCsv(campaign, "customerId\nann\ncyd\n", "k1")).Code, Is.EqualTo("request.idempotency_key_reused"));
        await Ended(answers[0].Id);
        await _stage.Host.CarryOutDue();
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Coupons"), Is.EqualTo(2));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM IssueJobs"), Is.EqualTo(1));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM IssueRows"), Is.EqualTo(2));
    }

    [Test]
    public async Task AFileThatBreaksOff_LeavesNothingBehind()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/coupons/campaigns/{campaign}/issues");
        request.Content = new BrokenFile(3000);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        Assert.That(async () => await _stage.Marketer().SendAsync(request), Throws.InstanceOf<HttpRequestException>());
        var limit = Stopwatch.StartNew();
        while (await Db.Scalar<long>("SELECT COUNT(*) FROM IssueJobs") + await Db.Scalar<long>("SELECT COUNT(*) FROM IssueRows") > 0 && limit.Elapsed < Patience) await Pause();
        foreach (var table in new[] { "IssueJobs", "IssueRows", "Coupons", "DueWork" }) Assert.That(await Db.Scalar<long>($"SELECT COUNT(*) FROM {table}"), Is.Zero, table);
    }

    [Test]
    public async Task AnUploadWhoseProcessDied_IsGivenUpInTime()
    {
        var campaign = await _stage.Campaign();
        await Db.InTransaction<Done>(async work =>
        {
            var id = _stage.NewId();
            await work.Execute(IssueSql.Insert, new { Id = id, CampaignId = campaign, Path = Stage.Hq, IssuedFrom = Stage.Hq, CreatedAt = work.Now });
            var row = new IssueRow { Ordinal = 1, CouponId = _stage.NewId(), CustomerId = "ann" };
            await work.Execute(IssueSql.InsertRows, new { Seq = 1, Rows = Sql.Json(new[] { row }) });
            await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(id), work.Now + CarryIssue.GiveUpAfter);
            return new Done();
        });
        await _stage.Host.CarryOutDue();
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM IssueRows"), Is.EqualTo(1));
        _stage.Clock.Advance(CarryIssue.GiveUpAfter);
        await _stage.Host.CarryOutDue();
        foreach (var table in new[] { "IssueJobs", "IssueRows", "Coupons", "DueWork" }) Assert.That(await Db.Scalar<long>($"SELECT COUNT(*) FROM {table}"), Is.Zero, table);
    }

    [Test]
    public async Task Jobs_AreOfTheCampaignsOwner_AndThoseAbove()
    {
        var campaign = await _stage.Campaign(_stage.Terms(owner: Stage.North));
        foreach (var path in new[] { Stage.South, Stage.Foreign })
            Assert.That((await IssueCsv(campaign, "customerId\nann\n", from: path)).Code, Is.EqualTo("campaign.not_found"), path);
        Assert.That((await IssueCsv(campaign, "customerId\nann\n", from: Stage.R7)).Code, Is.EqualTo("quota.no_allocation"));
        var job = await IssueCsv(campaign, "customerId\nann\n", from: Stage.North);
        await Ended(job.Id);
        foreach (var (path, seen) in new[] { (Stage.Hq, true), (Stage.North, true), (Stage.South, false), (Stage.R7, false), (Stage.Foreign, false) })
        {
            Assert.That((await _stage.Marketer(path).Get($"/coupons/issues/{job.Id}")).Status, Is.EqualTo(seen ? 200 : 404), path);
            Assert.That((await _stage.Marketer(path).Get($"/coupons/issues/{job.Id}/rows.csv")).Status, Is.EqualTo(seen ? 200 : 404), path);
            Assert.That((await _stage.Marketer(path).Post($"/coupons/issues/{job.Id}/cancel")).Code, Is.EqualTo(seen ? "issue.finished" : "issue.not_found"), path);
        }
        Assert.That((await _stage.Host.At(Stage.North, Role.Analyst).Get($"/coupons/issues/{job.Id}")).Status, Is.EqualTo(200));
        Assert.That((await _stage.Host.At(Stage.North, Role.Analyst).Post($"/coupons/issues/{job.Id}/cancel")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task WhoWasGivenQuota_IssuesOutOfIt_AndOfNobodyElses()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 5));
        var allocated = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.North), stock = 2 });
        Assert.That(allocated.Status, Is.EqualTo(200), allocated.Content);
        var above = await _stage.Scheduled();
        var job = await IssueCsv(campaign, $"customerId,sessionId\nann,\nbob,\ncid,\ndan,{above.SessionId}\n", from: Stage.North);
        Assert.That(job.Status, Is.EqualTo(202), job.Content);
        await Ended(job.Id);
        var rows = await (await _stage.Marketer(Stage.North).GetAsync($"/coupons/issues/{job.Id}/rows.csv")).Content.ReadAsStringAsync();
        Assert.That(rows.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => r.Split(',')[2..4]), Is.EqualTo(new[]
        {
            new[] { "Issued", "" }, ["Issued", ""], ["Refused", "claim.quota_spent"], ["Refused", "quota.no_allocation"],
        }));
    }

    [Test]
    public async Task ACampaignsJobsAreListed_ToThoseWhoseTheyAre()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 5));
        await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.North), stock = 2 });
        var first = (await IssueCsv(campaign, "customerId\nann\n")).Id;
        var second = (await IssueCsv(campaign, "customerId\nbob\n", from: Stage.North)).Id;
        await IssueCsv(campaign, "customerId,customerId\n");
        await Ended(first);
        await Ended(second);
        async Task<IEnumerable<Guid>> Listed(string path, string query = "") =>
            (await _stage.Marketer(path).Get($"/coupons/campaigns/{campaign}/issues{query}")).Json["items"]!.AsArray().Select(j => (Guid)j!["id"]!);
        Assert.That(await Listed(Stage.Hq), Is.EqualTo(new[] { first, second }), "and no job of a file with faults");
        Assert.That(await Listed(Stage.Hq, "?limit=1"), Is.EqualTo(new[] { first }));
        Assert.That(await Listed(Stage.North), Is.EqualTo(new[] { second }));
        Assert.That(await Listed(Stage.South), Is.Empty);
        Assert.That((await _stage.Marketer(Stage.Foreign).Get($"/coupons/campaigns/{campaign}/issues")).Code, Is.EqualTo("campaign.not_found"));
    }

    [Test]
    public async Task ThirtyDaysAfterItsEnd_TheRowsOfAJobGo_AndItsSumsStay([Values] bool cancelled)
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10_000));
        if (cancelled) await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/pause");
        var job = (await IssueCsv(campaign, $"customerId\n{string.Concat(Enumerable.Range(0, 2100).Select(i => $"c{i}\n"))}")).Id;
        if (cancelled) await _stage.Marketer().Post($"/coupons/issues/{job}/cancel");
        var ended = await Ended(job);
        var until = (DateTimeOffset)ended["rowsUntil"]!;
        Assert.That(until, Is.EqualTo((DateTimeOffset)ended["endedAt"]! + TimeSpan.FromDays(30)));
        _stage.Clock.Set(until.AddMicroseconds(-1));
        await _stage.Host.CarryOutDue();
        Assert.That(await Rows(job), Has.Count.EqualTo(2100));
        _stage.Clock.Set(until);
        var gone = await _stage.Marketer().Get($"/coupons/issues/{job}/rows.csv");
        Assert.That((gone.Status, gone.Code), Is.EqualTo((410, "issue.rows_gone")), gone.Content);
        await _stage.Host.CarryOutDue();
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM IssueRows"), Is.Zero);
        Assert.That(await Read(job), Is.EqualTo(ended).Using<JsonNode>(JsonNode.DeepEquals));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM DueWork WHERE Kind = 'carry-issue'"), Is.Zero);
    }

    private Task<Answer> Issue(Guid campaign, object body) => _stage.Marketer().Post($"/coupons/campaigns/{campaign}/issues", body);

    private Task<Answer> IssueCsv(Guid campaign, string text, string? key = null, string from = Stage.Hq) => Send(campaign, Encoding.UTF8.GetBytes(text), "text/csv", key, from);

    private async Task<Answer> Send(Guid campaign, byte[] body, string type, string? key = null, string from = Stage.Hq)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/coupons/campaigns/{campaign}/issues") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await _stage.Marketer(from).SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null, null);
    }

    private async Task<JsonNode> Read(Guid job) => (await _stage.Marketer().Get($"/coupons/issues/{job}")).Json;

    /// <summary>Waits until the job has ended.</summary>
    private async Task<JsonNode> Ended(Guid job)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            var now = await Read(job);
            if ((string?)now["status"] != "Running") return now;
            if (limit.Elapsed > Patience) throw new TimeoutException(now.ToJsonString());
            await Pause();
        }
    }

    private static Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);

    private async Task<IReadOnlyList<string>> Rows(Guid job)
    {
        var answer = await _stage.Marketer().Get($"/coupons/issues/{job}/rows.csv");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        var lines = answer.Content.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Is.EqualTo("row,customerId,outcome,code,couponId"));
        return lines[1..];
    }

    /// <summary>Ends in the middle, as when the line is cut.</summary>
    private sealed class BrokenFile(int rows) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("customerId\n"u8.ToArray());
            for (var i = 0; i < rows; i++) await stream.WriteAsync(Encoding.UTF8.GetBytes($"c{i}\n"));
            await stream.FlushAsync();
            throw new IOException("The line was cut.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
