using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Scheduling.Tests.Checklists;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Activities;

internal sealed class ActivityTests
{
    [Test]
    public async Task ASession_HasThreeActivitiesAtMost()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var path = $"/scheduling/sessions/{session}/activities";
        var three = new[] { One("Lottery"), One("Gift"), One("AssistBoard") };
        var named = await calendar.Planner().Put(path, new { activities = three }, 0);
        Assert.That((named.Status, named.ETag, named.Json["activities"]!.AsArray().Count), Is.EqualTo((200, "\"1\"", 3)), named.Content);
        Assert.That((await calendar.Planner().Put(path, new { activities = three.Append(One("FlashReward")) }, 1)).Faults, Is.EqualTo(new[] { "/activities" }));
        var id = Calendar.Id();
        var wrong = new object[] { new { kind = "CouponCampaign", title = "A", refId = id }, new { kind = "CouponCampaign", title = " ", refId = id } };
        Assert.That((await calendar.Planner().Put(path, new { activities = wrong }, 1)).Faults, Is.EquivalentTo(new[] { "/activities", "/activities/1/title" }));
        Assert.That((await calendar.Planner().Put(path, new { activities = new[] { One("Fireworks") } }, 1)).Status, Is.EqualTo(400));
        Assert.That((await calendar.Planner().Put(path, new { activities = three }, 0)).Status, Is.EqualTo(412));
        Assert.That((await calendar.Planner().Put(path, new { activities = Array.Empty<object>() }, 1)).ETag, Is.EqualTo("\"2\""));
        foreach (var elsewhere in new[] { Calendar.North, Calendar.Borealis })
        {
            Assert.That((await calendar.Planner(elsewhere).Put(path, new { activities = three }, 2)).Code, Is.EqualTo("session.not_found"));
            Assert.That((await calendar.Anyone(elsewhere).Get(path)).Code, Is.EqualTo("session.not_found"));
        }
    }

    [Test]
    public async Task OfManyWhoNameActivitiesAtTheSameInstant_ExactlyOneDoes()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            calendar.Planner().Put($"/scheduling/sessions/{session}/activities", new { activities = new[] { One("Lottery") } }, 0)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Status), Is.All.AnyOf(412, 409));
    }

    [Test]
    public async Task ACampaignThatRunsWithoutBeingNamed_IsWarnedOf_UntilItIsNamedOrOver()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var (first, second) = (Calendar.Id(), Calendar.Id());
        await calendar.Campaign(first, session, 2, CampaignStatus.Approved, null, "Ten off");
        await calendar.Campaign(second, session, 3, CampaignStatus.Issuing, null, "Gift");
        await calendar.Campaign(second, null, 1, CampaignStatus.Draft, null, "older");
        Assert.That(await Unlisted(), Is.EqualTo(new[] { "Ten off", "Gift" }));
        var named = await calendar.Planner().Put($"/scheduling/sessions/{session}/activities", new { activities = new[] { new { kind = "CouponCampaign", title = "Ten off", refId = first } } }, 0);
        Assert.That(named.Json["unlistedCampaigns"]!.AsArray(), Has.Count.EqualTo(1), named.Content);
        await calendar.Campaign(second, session, 4, CampaignStatus.Stopped, null);
        Assert.That(await Unlisted(), Is.Empty);

        async Task<IEnumerable<string>> Unlisted() =>
            (await calendar.Anyone().Get($"/scheduling/sessions/{session}/activities")).Json["unlistedCampaigns"]!.AsArray().Select(c => (string)c!["name"]!).ToList();
    }

    private static object One(string kind) => new { kind, title = kind };
}
