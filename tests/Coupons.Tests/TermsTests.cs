using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>Each thing that can be wrong with a campaign's terms has a code of its own, at the place where it is wrong.</summary>
internal sealed class TermsTests
{
    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [TestCase("""{"kind":"AmountOff"}""", "/amountMinor benefit.member_missing")]
    [TestCase("""{"kind":"AmountOff","amountMinor":0}""", "/amountMinor benefit.amount_not_positive")]
    [TestCase("""{"kind":"AmountOff","amountMinor":5,"capMinor":5}""", "/capMinor benefit.member_unused")]
    [TestCase("""{"kind":"AmountOff","amountMinor":5,"minimumSpendMinor":0}""", "/minimumSpendMinor benefit.minimum_not_positive")]
    [TestCase("""{"kind":"PercentOff","percent":10}""", "/capMinor benefit.member_missing")]
    [TestCase("""{"kind":"PercentOff","percent":0,"capMinor":5}""", "/percent benefit.percent_too_low")]
    [TestCase("""{"kind":"PercentOff","percent":101,"capMinor":5}""", "/percent benefit.percent_over_100")]
    [TestCase("""{"kind":"PercentOff","percent":10,"capMinor":0}""", "/capMinor benefit.cap_zero")]
    [TestCase("""{"kind":"PercentOff","percent":10,"capMinor":-1}""", "/capMinor benefit.cap_negative")]
    [TestCase("""{"kind":"Threshold"}""", "/steps benefit.member_missing")]
    [TestCase("""{"kind":"Threshold","steps":[]}""", "/steps list.length")]
    [TestCase("""{"kind":"Threshold","steps":[{"minimumSpendMinor":5,"amountMinor":5}]}""", "/steps/0/minimumSpendMinor benefit.minimum_too_low")]
    [TestCase("""{"kind":"Threshold","steps":[{"minimumSpendMinor":50,"amountMinor":5},{"minimumSpendMinor":50,"amountMinor":6}]}""", "/steps/1 benefit.steps_not_rising")]
    [TestCase("""{"kind":"Threshold","steps":[{"minimumSpendMinor":50,"amountMinor":5},{"minimumSpendMinor":60,"amountMinor":5}]}""", "/steps/1 benefit.steps_not_rising")]
    [TestCase("""{"kind":"Threshold","minimumSpendMinor":9,"steps":[{"minimumSpendMinor":50,"amountMinor":5}]}""", "/minimumSpendMinor benefit.member_unused")]
    [TestCase("""{"kind":"Gift"}""", "/gift benefit.member_missing")]
    [TestCase("""{"kind":"Gift","gift":{"productCode":"","quantity":1,"worthMinor":1}}""", "/gift/productCode benefit.gift_invalid")]
    [TestCase("""{"kind":"Gift","gift":{"productCode":"p","quantity":0,"worthMinor":1}}""", "/gift/quantity benefit.gift_invalid")]
    [TestCase("""{"kind":"Gift","gift":{"productCode":"p","quantity":1,"worthMinor":0}}""", "/gift/worthMinor benefit.gift_invalid")]
    public async Task AFaultOfTheBenefit_IsNamed(string benefit, string fault) => await Refused("benefit", JsonNode.Parse(benefit), "/benefit" + fault);

    [TestCase("stock", "0", "/stock number.out_of_range")]
    [TestCase("budgetMinor", "0", "/budgetMinor money.out_of_range")]
    [TestCase("perCustomerLimit", "1001", "/perCustomerLimit number.out_of_range")]
    [TestCase("perCustomerDayLimit", "2", "/perCustomerDayLimit number.out_of_range")]
    [TestCase("lockMinutes", "1441", "/lockMinutes number.out_of_range")]
    [TestCase("stacking", """{"group":""}""", "/stacking/group text.invalid")]
    [TestCase("stacking", """{"group":"g","priority":1001}""", "/stacking/priority number.out_of_range")]
    [TestCase("scope", """{"segments":[]}""", "/scope/segments list.length")]
    [TestCase("scope", """{"productCodes":["a","a"]}""", "/scope/productCodes list.repeats")]
    [TestCase("scope", """{"categories":["Apparel//Shirts"]}""", "/scope/categories/0 scope.category_invalid")]
    [TestCase("claimWindow", """{"opens":{"at":"2026-10-02T00:00:00Z"},"closes":{"at":"2026-10-01T00:00:00Z"}}""", "/claimWindow window.ends_before_start")]
    [TestCase("claimWindow", """{"opens":{"at":"2026-10-02T00:00:00Z"},"closes":{"afterClaimMinutes":5}}""", "/claimWindow window.claim_relative_to_claim")]
    [TestCase("claimWindow", """{"opens":{},"closes":{"at":"2026-10-01T00:00:00Z"}}""", "/claimWindow/opens window.boundary_unclear")]
    [TestCase("claimWindow", """{"opens":{"phase":"LiveStart"},"closes":{"at":"2026-12-01T00:00:00Z"}}""", "/claimWindow/opens/phase window.needs_session")]
    [TestCase("redemptionWindow", """{"opens":{"afterClaimMinutes":9},"closes":{"afterClaimMinutes":9}}""", "/redemptionWindow window.ends_before_start")]
    [TestCase("redemptionWindow", """{"opens":{"afterClaimMinutes":0},"closes":{"afterClaimMinutes":527041}}""", "/redemptionWindow/closes/afterClaimMinutes number.out_of_range")]
    [TestCase("redemptionWindow", """{"opens":{"at":"2026-10-01T00:00:00Z","offsetMinutes":5},"closes":{"afterClaimMinutes":9}}""", "/redemptionWindow/opens/offsetMinutes window.offset_without_phase")]
    public async Task AFaultOfAMember_IsNamed(string member, string value, string fault) => await Refused(member, JsonNode.Parse(value), fault);

    [Test]
    public async Task APhaseOfNoLength_IsNoneToHangAWindowOn()
    {
        var session = _stage.Session();
        session = session with { Phases = session.Phases with { WarmUpStartsAt = session.Phases.LiveStartsAt, ReservoirStartsAt = session.Phases.LiveStartsAt, ReviewEndsAt = session.Phases.LiveEndsAt } };
        await _stage.Host.Deliver(new Contracts.Scheduling.SessionScheduled(session));
        var answer = await _stage.Marketer().Post("/coupons/campaigns", _stage.Terms(
            session: session.SessionId, claim: Stage.Phases("WarmUpStart", "LiveEnd"), redemption: Stage.Phases("ReservoirStart", "ReviewEnd")));
        Assert.That(BadInput.FaultsOf(answer), Is.EquivalentTo(new[]
        {
            "/claimWindow/opens/phase window.phase_missing", "/redemptionWindow/opens/phase window.phase_missing", "/redemptionWindow/closes/phase window.phase_missing",
        }));
        var there = _stage.Terms(session: session.SessionId, claim: Stage.Phases("PreparationStart", "LiveStart"), redemption: Stage.Phases("LiveStart", "LiveEnd"));
        Assert.That((await _stage.Marketer().Post("/coupons/campaigns", there)).Status, Is.EqualTo(201));
    }

    private async Task Refused(string member, JsonNode? value, string fault)
    {
        var terms = System.Text.Json.JsonSerializer.SerializeToNode(_stage.Terms())!.AsObject();
        terms[member] = value;
        var answer = await _stage.Marketer().Post("/coupons/campaigns", terms);
        Assert.That(answer.Status, Is.EqualTo(400), answer.Content);
        Assert.That(BadInput.FaultsOf(answer), Is.EqualTo(new[] { fault }));
    }
}
