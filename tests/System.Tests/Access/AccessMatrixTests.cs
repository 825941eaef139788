using System.Text.RegularExpressions;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.System.Tests.Access;

/// <summary>Every endpoint, with every role, from every place in the tree.</summary>
internal sealed partial class AccessMatrixTests
{
    private static readonly string[] ForTheOperator = ["/operations/", "/audit"];

    private World _world = null!;

    [OneTimeSetUp]
    public async Task Build() => _world = await World.Create();

    [OneTimeTearDown]
    public async Task Drop() => await _world.DisposeAsync();

    [Test]
    public void EveryEndpointHasAProbe()
    {
        var endpoints = Guarded().Select(e => e.Key).Where(k => !ForTheOperator.Any(k.Contains)).ToList();
        Assert.That(endpoints, Is.EquivalentTo(Probes.All.Keys));
    }

    [Test]
    public async Task WithoutATokenEverythingIs401_AndWithoutARoleThatIsGranted403()
    {
        foreach (var (key, permission) in Guarded())
        {
            var (method, path) = (new HttpMethod(key.Split(' ')[0]), key.Split(' ')[1].Replace("set-aside/{}", "set-aside/1").Replace("{}", Guid.Empty.ToString()));
            Assert.That((await _world.Anonymous().Send(method, path)).Status, Is.EqualTo(401), key);
            foreach (var role in Enum.GetValues<Role>().Except(AccessTable.Roles[permission]))
            {
                var answer = await _world.At(Place.Above, role).Send(method, path, key.EndsWith("/import", StringComparison.Ordinal) ? null : "{}");
                Assert.That((answer.Status, answer.Code), Is.EqualTo((403, "access.forbidden")), $"{key} as {role}");
            }
        }
    }

    // Refused places first: what succeeds changes the world.
    [Test]
    public async Task AuthorityCoversTheUnitAndWhatLiesBelow_AndNothingElse()
    {
        Place[] order = [Place.Foreign, Place.Sideways, Place.Below, Place.Above, Place.Own];
        var permissions = Guarded().ToDictionary(e => e.Key, e => e.Permission);
        using var all = Assert.EnterMultipleScope();
        foreach (var place in order)
        {
            foreach (var (key, probe) in Probes.All.Where(p => p.Value.Reach != Reach.Unscoped))
            {
                foreach (var role in AccessTable.Roles[permissions[key]])
                {
                    var answer = await _world.At(place, role).Send(new HttpMethod(key.Split(' ')[0]), probe.Path(_world), probe.Body?.Invoke(_world), probe.Headers);
                    Judge(probe, place, role, answer, $"{key} as {role} from {place}: {answer.Content}");
                }
            }
        }
    }

    [TestCase("organization")]
    [TestCase("scheduling")]
    [TestCase("lineups")]
    [TestCase("coupons")]
    [TestCase("orders")]
    public async Task TheAuditTrail_ShowsWhatWasDecidedAtTheUnitAndBelow_AndNothingElse(string service)
    {
        foreach (var place in Enum.GetValues<Place>())
        {
            var answer = await _world.At(place, Role.Admin).Get($"/{service}/audit?limit=200");
            Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
            var subjects = answer.Json["items"]!.AsArray().Select(e => (string)e!["subjectPath"]!).ToList();
            Assert.That(subjects, Is.All.StartsWith(World.PathOf(place)), place.ToString());
            // Shops are not audited, and in Orders nobody else decides anything.
            if (place is Place.Above && service != "orders") Assert.That(subjects, Is.Not.Empty);
        }
    }

    private void Judge(Probe probe, Place place, Role role, Answer answer, string what)
    {
        var allowed = probe.Reach switch
        {
            Reach.Covered or Reach.List => place is Place.Own or Place.Above,
            Reach.AndBelow or Reach.ListAndBelow => place is Place.Own or Place.Above or Place.Below,
            Reach.AndShopsBelow or Reach.ListAndShopsBelow => place is Place.Own or Place.Above || (place is Place.Below && role is Role.Storefront),
            Reach.Headquarters => place is Place.Above,
            _ => place is not Place.Foreign,
        };
        if (probe.Subject is { } subject)
        {
            Assert.That(answer.Status, Is.EqualTo(200), what);
            var others = answer.Content.Replace($"\"parentId\":\"{subject(_world)}\"", "");
            Assert.That(others.Contains(subject(_world).ToString(), StringComparison.Ordinal), Is.EqualTo(allowed), what);
        }
        else if (allowed)
        {
            Assert.That(answer.Status, Is.Not.EqualTo(401).And.Not.EqualTo(403).And.LessThan(500), what);
            Assert.That(answer.Code ?? "", Does.Not.EndWith(".not_found"), what);
        }
        else
        {
            Assert.That(answer.Code ?? "", Does.EndWith(".not_found").Or.AnyOf(probe.OtherRefusals), what);
            Assert.That(answer.Status, Is.EqualTo(404).Or.EqualTo(409), what);
        }
    }

    private List<(string Key, Permission Permission)> Guarded() =>
    [
        .. _world.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Endpoint: e, Allow: e.Metadata.GetMetadata<AllowMetadata>()))
            .Where(e => e.Allow is not null)
            .Select(e => ($"{e.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {Parameter().Replace(e.Endpoint.RoutePattern.RawText!, "{}")}", e.Allow!.Permission)),
    ];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
