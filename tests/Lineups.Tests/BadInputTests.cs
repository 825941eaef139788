using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Lineups.Tests;

internal sealed class BadInputTests
{
    private World _world = null!;

    [OneTimeSetUp]
    public async Task Start() => _world = await World.Start();

    [OneTimeTearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task ABodyThatDoesNotFit_IsRefused() =>
        Assert.That(await BadInput.WrongAnswers(_world.At(World.Hq), HttpMethod.Put, World.Lineup(Guid.Empty), ("If-Match", "\"0\"")), Is.Empty);

    [Test]
    public async Task EveryFault_IsNamedByItsCode()
    {
        Assert.That(await Faults("""{ "items": [null] }"""), Is.EqualTo(new[] { "/items/0 json.null" }));
        Assert.That(await Faults("""{ "items": [{ "productId": 7, "kind": "Cold", "minutes": "5", "livePriceMinor": 1.5 }] }"""),
            Is.EquivalentTo(new[] { "/items/0/productId json.wrong_type", "/items/0/kind json.wrong_type", "/items/0/minutes json.wrong_type", "/items/0/livePriceMinor json.wrong_type" }));
        Assert.That(await Faults($$"""{ "items": [{ "productId": "{{Guid.Empty}}", "kind": "Hot", "minutes": 5, "livePriceMinor": {{Money.MaxMinor + 1}} }] }"""),
            Is.EqualTo(new[] { "/items/0/livePriceMinor money.out_of_range" }));
    }

    private async Task<IReadOnlyList<string>> Faults(string body) =>
        BadInput.FaultsOf(await _world.At(World.Hq).Put(World.Lineup(Guid.Empty), body, ("If-Match", "\"0\"")));
}
