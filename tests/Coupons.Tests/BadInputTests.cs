using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

internal sealed class BadInputTests
{
    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ABodyThatDoesNotFit_IsRefused()
    {
        var issuing = await _stage.Campaign();
        foreach (var path in new[] { "", $"/{issuing}/allocate", $"/{issuing}/take-back", $"/{issuing}/code-batches", $"/{issuing}/issues", $"/{issuing}/deactivate" })
            Assert.That(await BadInput.WrongAnswers(_stage.Marketer(), HttpMethod.Post, $"/coupons/campaigns{path}"), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(_stage.Marketer(), HttpMethod.Put, $"/coupons/campaigns/{issuing}", ("If-Match", "\"1\"")), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(_stage.Marketer(), HttpMethod.Post, $"/coupons/claims/{_stage.NewId()}/void"), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(_stage.Shop(), HttpMethod.Post, "/coupons/evaluations"), Is.Empty);
        foreach (var noun in new[] { "claims", "redemptions" })
            Assert.That(await BadInput.WrongAnswers(_stage.Shop(), HttpMethod.Put, $"/coupons/{noun}/{_stage.NewId()}"), Is.Empty);
        var rollBack = $"/coupons/redemptions/{_stage.NewId()}/roll-back";
        Assert.That((await BadInput.WrongAnswers(_stage.Shop(), HttpMethod.Post, rollBack)).Where(w => !w.Contains("with { }: 404", StringComparison.Ordinal)), Is.Empty, "which may be empty");
        Assert.That((await _stage.Marketer().Get($"/coupons/campaigns/{issuing}")).Json["status"]!.ToString(), Is.EqualTo("Issuing"));
    }

    [Test]
    public async Task EveryFault_IsNamedByItsCode()
    {
        Assert.That(await Faults(_stage.Terms(claim: Stage.Between(_stage.Now, _stage.Now))), Is.EqualTo(new[] { "/claimWindow window.ends_before_start" }));
        Assert.That(await Faults(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = Money.MaxMinor + 1 })), Is.EqualTo(new[] { "/benefit/amountMinor money.out_of_range" }));
        Assert.That(await Faults(_stage.Terms(redemption: new { opens = new { at = "2026-11-11T20:00:00" }, closes = new { at = 7 } })),
            Is.EqualTo(new[] { "/redemptionWindow/opens/at json.wrong_type", "/redemptionWindow/closes/at json.wrong_type" }));
        var locked = await _stage.Lock(_stage.NewId(), _stage.NewId(), lines: Money.MaxMinor + 1);
        Assert.That(BadInput.FaultsOf(locked), Is.EqualTo(new[] { "/lines/0/unitPriceMinor money.out_of_range" }));
    }

    private async Task<IReadOnlyList<string>> Faults(object terms) => BadInput.FaultsOf(await _stage.Marketer().Post("/coupons/campaigns", terms));
}
