using LiveCommerce.Support;
using static LiveCommerce.Orders.Tests.Market;

namespace LiveCommerce.Orders.Tests;

internal sealed class BadInputTests
{
    private Market _market = null!;

    [OneTimeSetUp]
    public async Task OpenOnce() => _market = await Open();

    [OneTimeTearDown]
    public async Task Close() => await _market.DisposeAsync();

    [Test]
    public async Task ABodyThatDoesNotFit_IsRefused()
    {
        Assert.That(await BadInput.WrongAnswers(_market.Shop("/aurora/"), HttpMethod.Put, OrderAt(NewId())), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(_market.Shop("/aurora/"), HttpMethod.Put, $"{OrderAt(NewId())}/reports/{NewId()}"), Is.Empty);
    }

    [TestCase("null", "/lines/0 json.null")]
    [TestCase("""{ "productCode": "1", "quantity": 1, "unitPriceMinor": 10000000000001 }""", "/lines/0/unitPriceMinor number.out_of_range")]
    [TestCase("""{ "productCode": "1", "quantity": "1", "unitPriceMinor": 1 }""", "/lines/0/quantity json.wrong_type")]
    public async Task AFaultOfALine_IsNamedByItsCode(string line, string fault)
    {
        var answer = await _market.Shop("/aurora/").Put(OrderAt(NewId()), $$"""
            { "shopOrderNo": "1", "customerId": "c", "currency": "CNY", "lines": [{{line}}], "discountMinor": 0, "placedAt": "2026-11-11T20:00:00Z" }
            """);
        Assert.That((answer.Status, BadInput.FaultsOf(answer).Single()), Is.EqualTo((400, fault)), answer.Content);
    }

    [TestCase("[null]", "/couponIds/0 json.wrong_type")]
    [TestCase("\"7\"", "/couponIds json.wrong_type")]
    public async Task AFaultOfACouponList_IsNamed(string couponIds, string fault)
    {
        var answer = await _market.Shop("/aurora/").Put(OrderAt(NewId()), $$"""
            { "shopOrderNo": "1", "customerId": "c", "currency": "CNY", "lines": [{ "productCode": "1", "quantity": 1, "unitPriceMinor": 1 }],
              "discountMinor": 0, "placedAt": "2026-11-11T20:00:00Z", "couponIds": {{couponIds}} }
            """);
        Assert.That((answer.Status, BadInput.FaultsOf(answer).Single()), Is.EqualTo((400, fault)), answer.Content);
    }

    [Test]
    public async Task ATimeWithoutAnOffset_IsAFault()
    {
        var answer = await _market.Shop("/aurora/").Put($"{OrderAt(NewId())}/reports/{NewId()}", """{ "kind": "Paid", "at": "2026-11-11T20:00:00" }""");
        Assert.That(BadInput.FaultsOf(answer), Is.EqualTo(new[] { "/at json.wrong_type" }));
    }

    [Test]
    public async Task ASpanThatEndsBeforeItStarts_IsAFault()
    {
        foreach (var address in new[] { "sessions", $"units/{_market.Unit("/aurora/")}" })
        {
            var answer = await _market.Analyst("/aurora/").Get($"/orders/figures/{address}?from=2026-11-11T00:00:00Z&to=2026-11-10T00:00:00Z");
            Assert.That((answer.Status, BadInput.FaultsOf(answer).Single()), Is.EqualTo((400, "?to window.ends_before_start")), address);
        }
    }
}
