using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class ApprovalTests
{
    [TestCase("GroupBroadcast", Calendar.Aurora, Calendar.Aurora, "Scheduled")]
    [TestCase("BrandBroadcast", Calendar.Aurora, Calendar.Aurora, "Scheduled")]
    [TestCase("RegionalBroadcast", Calendar.North, Calendar.Aurora, "Scheduled")]
    [TestCase("RegionalBroadcast", Calendar.North, Calendar.North, "Submitted")]
    [TestCase("BrandBroadcast", Calendar.North, Calendar.North, "Submitted")]
    [TestCase("BrandBroadcast", Calendar.North, Calendar.Aurora, "Scheduled")]
    [TestCase("ResellerBroadcast", Calendar.R7, Calendar.R7, "Submitted")]
    [TestCase("ResellerBroadcast", Calendar.R7, Calendar.North, "Scheduled")]
    [TestCase("ResellerBroadcast", Calendar.R7, Calendar.Aurora, "Scheduled")]
    public async Task WhatAUnitPlansForItself_WaitsForTheUnitAbove_AndWhatThatPlansDoesNot(string tier, string owner, string planner, string status)
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(owner, tier);
        var made = await calendar.Planner(planner).Post("/scheduling/sessions", plan.ForPost());
        Assert.That((made.Status, (string?)made.Json["status"]), Is.EqualTo((201, status)), made.Content);
        Assert.That(made.Json["approvedAt"] is null, Is.EqualTo(status == "Submitted"));

        // Handed in from a draft it comes to the same.
        var draft = await calendar.Drafted(plan.At(plan.StartsAt.AddDays(1)));
        Assert.That(await calendar.Status(draft), Is.EqualTo("Draft"));
        var submitted = await calendar.DoAt(planner, draft, "submit");
        Assert.That((string?)submitted.Json["status"], Is.EqualTo(status), submitted.Content);
        Assert.That((await calendar.DoAt(planner, draft, "submit")).Content, Is.EqualTo(submitted.Content));
    }

    [TestCase("RegionalBroadcast", Calendar.North, Calendar.Aurora)]
    [TestCase("BrandBroadcast", Calendar.North, Calendar.Aurora)]
    [TestCase("ResellerBroadcast", Calendar.R7, Calendar.North)]
    [TestCase("ResellerBroadcast", Calendar.R7, Calendar.Aurora)]
    public async Task OnlyAUnitAbove_DecidesOnASession(string tier, string owner, string above)
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(owner, tier);
        var id = await calendar.Submitted(plan);
        var reason = new { reason = "Too early" };
        Assert.That((await calendar.DoAt(owner, id, "approve")).Code, Is.EqualTo("session.own_approval"));
        Assert.That((await calendar.DoAt(owner, id, "reject", reason)).Code, Is.EqualTo("session.own_approval"));
        foreach (var elsewhere in new[] { Calendar.South, Calendar.Borealis })
        {
            Assert.That((await calendar.DoAt(elsewhere, id, "approve")).Code, Is.EqualTo("session.not_found"), elsewhere);
            Assert.That((await calendar.DoAt(elsewhere, id, "submit")).Code, Is.EqualTo("session.not_found"), elsewhere);
            Assert.That((await calendar.DoAt(elsewhere, id, "withdraw")).Code, Is.EqualTo("session.not_found"), elsewhere);
        }
        Assert.That((await calendar.Host.At(above, Role.Merchandiser).Post($"/scheduling/sessions/{id}/approve")).Status, Is.EqualTo(403));
        var approved = await calendar.Host.At(above, Role.Admin).Post($"/scheduling/sessions/{id}/approve");
        Assert.That((string?)approved.Json["status"], Is.EqualTo("Scheduled"), approved.Content);
        Assert.That((DateTimeOffset)approved.Json["approvedAt"]!, Is.EqualTo(calendar.Host.Clock.GetUtcNow()));
    }

    [Test]
    public async Task ASubmittedSessionHoldsItsSlot_UntilItIsRejectedWithdrawnOrCancelled_AndADraftHoldsNone()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var draft = await calendar.Drafted(plan);
        foreach (var (path, action) in new[] { (Calendar.Aurora, "reject"), (Calendar.North, "withdraw"), (Calendar.North, "cancel") })
        {
            var id = await calendar.Submitted(plan);
            var refused = await calendar.Submit(plan);
            Assert.That(refused.Code, Is.EqualTo("session.conflict"));
            Assert.That((Guid)refused.Json["conflicts"]![0]!["sessionId"]!, Is.EqualTo(id));
            Assert.That((await calendar.DoAt(Calendar.North, draft, "submit")).Code, Is.EqualTo("session.conflict"));
            var freed = await calendar.DoAt(path, id, action, action == "withdraw" ? null : new { reason = "Not now" });
            Assert.That(freed.Status, Is.EqualTo(200), freed.Content);
        }
        Assert.That((await calendar.DoAt(Calendar.North, draft, "submit")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Do(draft, "approve")).Status, Is.EqualTo(200), "nothing came between");
    }

    [Test]
    public async Task ARejectedSession_SaysWhy_AndCanBeChangedAndHandedInAgain()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await calendar.Submitted(plan);
        Assert.That((await calendar.Do(id, "reject", new { })).Faults, Is.EqualTo(new[] { "/reason" }));
        Assert.That((await calendar.Do(id, "reject", new { reason = " " })).Faults, Is.EqualTo(new[] { "/reason" }));
        Assert.That((await calendar.Do(id, "reject", new { reason = new string('x', 501) })).Faults, Is.EqualTo(new[] { "/reason" }));
        Assert.That((string?)(await calendar.Do(id, "reject", new { reason = "Too early" })).Json["rejectReason"], Is.EqualTo("Too early"));
        var edited = await calendar.Planner(Calendar.North).Put(
            $"/scheduling/sessions/{id}", plan.At(plan.StartsAt.AddDays(2)).ForPut(), ("If-Match", (await calendar.Read(id)).ETag!));
        Assert.That((string?)edited.Json["status"], Is.EqualTo("Draft"), edited.Content);
        Assert.That((string?)edited.Json["rejectReason"], Is.EqualTo("Too early"), "still to be read while it is mended");
        var again = await calendar.DoAt(Calendar.North, id, "submit");
        Assert.That(((string?)again.Json["status"], again.Json["rejectReason"]), Is.EqualTo(("Submitted", (object?)null)), again.Content);
        Assert.That((await calendar.Do(id, "approve")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task NobodyHearsOrReadsOfASession_BeforeItIsInThePlan()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var dropped = await calendar.Submitted(plan);
        await calendar.DoAt(Calendar.North, dropped, "cancel");
        var id = await calendar.Submitted(plan);
        await calendar.DoAt(Calendar.North, id, "withdraw");
        await calendar.DoAt(Calendar.North, id, "submit");
        var below = calendar.Host.At(Calendar.R7, Role.Analyst);
        async Task<int> Republished() => (int)(await calendar.Host.At("/", Role.Operator).Post("/scheduling/operations/republish")).Json["sessions"]!;

        Assert.That(await Recorded.Of(calendar.Host, id), Is.Empty);
        Assert.That(await Recorded.Of(calendar.Host, dropped), Is.Empty);
        Assert.That(await Republished(), Is.Zero);
        Assert.That((await below.Get($"/scheduling/sessions/{id}")).Code, Is.EqualTo("session.not_found"));
        Assert.That((await below.Get("/scheduling/sessions")).Json["items"]!.AsArray(), Is.Empty);

        await calendar.Do(id, "approve");
        var told = await Recorded.Of(calendar.Host, id);
        Assert.That(told.Select(t => (t.Event, t.Session.Status, t.Session.RoomId)), Is.EqualTo(new[] { (nameof(SessionScheduled), SessionStatus.Scheduled, (Guid?)plan.RoomId) }));
        Assert.That(await Republished(), Is.EqualTo(1));
        Assert.That((await below.Get($"/scheduling/sessions/{id}")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AMandatesWeek_CountsWhatIsSubmitted_AndNotWhatIsDraftedRejectedOrWithdrawn()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id(), sessionsPerWeek: 1);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        // A Monday, so that all of it is in one week.
        plan = plan.At(calendar.Soon.AddDays((8 - (int)calendar.Soon.DayOfWeek) % 7));
        var other = (await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(plan.StartsAt.AddDays(1));
        await calendar.Drafted(plan);
        var id = await calendar.Submitted(plan);
        Assert.That((await calendar.Submit(other)).Code, Is.EqualTo("mandate.sessions_per_week"));
        await calendar.DoAt(Calendar.North, id, "reject", new { reason = "Too early" });
        var second = await calendar.Submitted(other);
        Assert.That((await calendar.DoAt(Calendar.R7, id, "submit")).Code, Is.EqualTo("mandate.sessions_per_week"));
        await calendar.DoAt(Calendar.R7, second, "withdraw");
        Assert.That((await calendar.DoAt(Calendar.R7, id, "submit")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ASessionWhoseMandateWasRevokedMeanwhile_IsNotApproved_AndGoesUnderAnotherWhenHandedInAgain()
    {
        await using var calendar = await Calendar.Open();
        var mandate = Calendar.Id();
        await calendar.Mandate(mandate);
        var id = await calendar.Submitted(await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        await calendar.Mandate(mandate, version: 2, revoked: true);
        Assert.That((await calendar.DoAt(Calendar.North, id, "approve")).Code, Is.EqualTo("mandate.revoked"));
        Assert.That(await calendar.Status(id), Is.EqualTo("Submitted"));
        await calendar.DoAt(Calendar.R7, id, "withdraw");
        Assert.That((await calendar.DoAt(Calendar.R7, id, "submit")).Code, Is.EqualTo("mandate.missing"));
        var granted = Calendar.Id();
        await calendar.Mandate(granted);
        Assert.That((Guid)(await calendar.DoAt(Calendar.R7, id, "submit")).Json["mandateId"]!, Is.EqualTo(granted));
        Assert.That((await calendar.DoAt(Calendar.North, id, "approve")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WhatStartsInThePast_IsNeitherSubmittedNorApproved()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var draft = await calendar.Drafted(plan);
        var submitted = await calendar.Submitted(plan);
        calendar.Host.Clock.Set(plan.StartsAt);
        Assert.That((await calendar.DoAt(Calendar.North, draft, "submit")).Code, Is.EqualTo("session.starts_in_past"));
        Assert.That((await calendar.Do(submitted, "approve")).Code, Is.EqualTo("session.starts_in_past"));
        Assert.That((await calendar.Do(submitted, "go-live")).Code, Is.EqualTo("session.illegal_transition"));
    }

    [Test]
    public async Task OfRacingDecisions_OneIsMade_AndEveryoneAgreesOnIt()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        for (var round = 0; round < 3; round++)
        {
            var id = await calendar.Submitted(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 3) switch
            {
                0 => calendar.Do(id, "approve"),
                1 => calendar.Do(id, "reject", new { reason = "Too early" }),
                _ => calendar.DoAt(Calendar.North, id, "withdraw"),
            }));
            var made = answers.Where(a => a.Status == 200).Select(a => (string)a.Json["status"]!).Distinct().ToList();
            Assert.That(made, Has.Count.EqualTo(1));
            Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("session.illegal_transition"));
            Assert.That(await calendar.Status(id), Is.EqualTo(made[0]));
            Assert.That((await Recorded.Of(calendar.Host, id)).Count, Is.EqualTo(made[0] == "Scheduled" ? 1 : 0));
        }
    }

    [Test]
    public async Task AUnitOutOfUse_AndAllBelowIt_PlanNothingAndGoLiveWithNothing()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var draft = await calendar.Drafted(plan.At(plan.StartsAt.AddDays(2)));
        var submitted = await calendar.Submitted(plan.At(plan.StartsAt.AddDays(3)));
        var scheduled = await calendar.Scheduled(plan);
        await calendar.Host.Deliver(calendar.Unit(Calendar.North, UnitKind.Region, "Asia/Shanghai", version: 2) with { IsActive = false });
        foreach (var answer in new[]
        {
            await calendar.Schedule(plan.At(plan.StartsAt.AddDays(4))), await calendar.Do(draft, "submit"),
            await calendar.Do(submitted, "approve"), await calendar.Do(scheduled, "go-live"), await calendar.Move(scheduled, plan.StartsAt.AddDays(5)),
        })
            Assert.That(answer.Code, Is.EqualTo("unit.inactive"), answer.Content);
        Assert.That((await calendar.Do(scheduled, "cancel")).Status, Is.EqualTo(200));
        await calendar.Host.Deliver(calendar.Unit(Calendar.North, UnitKind.Region, "Asia/Shanghai", version: 3));
        Assert.That((await calendar.Do(submitted, "approve")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ABrandBroadcast_IsOfAGradeBrandsOnly()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.Aurora, "BrandBroadcast");
        var refused = await calendar.Schedule(plan with { BrandIds = [calendar.Brand, calendar.OtherBrand] });
        Assert.That(refused.Code, Is.EqualTo("session.brand_grade"));
        Assert.That((Guid)refused.Json["brandIds"]![0]!, Is.EqualTo(calendar.OtherBrand));
        var id = await calendar.Scheduled(plan);
        var edit = await calendar.Planner().Put($"/scheduling/sessions/{id}", (plan with { BrandIds = [calendar.OtherBrand] }).ForPut(), ("If-Match", "\"1\""));
        Assert.That(edit.Code, Is.EqualTo("session.brand_grade"));
        await calendar.Host.Deliver(new BrandChanged { BrandId = calendar.OtherBrand, Version = 2, HeadquartersPath = Calendar.Aurora, Code = "b", Name = "B", Grade = "A" });
        await calendar.Scheduled((plan with { BrandIds = [calendar.Brand, calendar.OtherBrand] }).At(plan.StartsAt.AddDays(1)));
        await calendar.Scheduled((await calendar.NewPlan()) with { BrandIds = [calendar.OtherBrand] });
    }

    [Test]
    public async Task AStatusOtherThanDraft_IsNotForThePlannerToSay()
    {
        await using var calendar = await Calendar.Open();
        var body = (await calendar.NewPlan()).ForPost();
        body["status"] = "Closed";
        Assert.That((await calendar.Planner().Post("/scheduling/sessions", body)).Faults, Is.EqualTo(new[] { "/status" }));
    }
}
