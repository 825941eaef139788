using System.Text.RegularExpressions;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using LiveCommerce.System.Tests.Access;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.System.Tests;

/// <summary>Walks every endpoint by which people change something that is there, and looks what the trail says it was before and after.</summary>
internal sealed partial class AuditWalkTests
{
    private static readonly Role[] People = [Role.Operator, Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer];

    /// <summary>Makes something new below what its path names, so there is nothing before.</summary>
    private static readonly string[] Makes = ["AddAbsence"];

    /// <summary>What the world of this test does not come to; tests of each one's own look at it.</summary>
    private static readonly string[] NotReached = [];

    [Test]
    public async Task EveryEdit_SaysWhatItWasBefore_AndWhatItBecame()
    {
        await using var world = await World.Create();
        var reached = new List<string>();
        var refused = new List<string>();
        foreach (var (name, key, role) in Edits(world))
        {
            if (!Probes.All.TryGetValue(key, out var probe)) continue;
            var client = role == Role.Operator ? world.AtRoot(role) : world.At(Place.Above, role);
            var answer = await Carry(client, new HttpMethod(key.Split(' ')[0]), probe, world);
            if (answer.Status is >= 200 and < 300) reached.Add(name);
            else refused.Add($"{name} {answer.Status} {answer.Code}");
            if (name == "DeactivateHeadquarters") await world.AtRoot(Role.Operator).Post($"/organization/headquarters/{world.HeadquartersId}/reactivate");
            await world.Settle();
        }
        var entries = new List<(string Action, bool HasBefore, bool HasAfter)>();
        foreach (var client in new[] { world.At(Place.Above, Role.Admin), world.AtRoot(Role.Admin) })
        {
            for (string? next = "/organization/audit/all?limit=200"; next is not null;)
            {
                var page = (await client.Get(next)).Json;
                entries.AddRange(page["items"]!.AsArray().Select(e => ((string)e!["action"]!, e["before"] is not null, e["after"] is not null)));
                next = (string?)page["next"] is { } after ? $"/organization/audit/all?limit=200&after={after}" : null;
            }
        }
        var silent = reached.Where(name => !entries.Any(e => e.Action == name && e.HasBefore && e.HasAfter)).ToList();
        using var all = Assert.EnterMultipleScope();
        Assert.That(silent, Is.EquivalentTo(Makes));
        Assert.That(refused, Is.EquivalentTo(NotReached));
        Assert.That(reached, Has.Count.GreaterThan(40));
    }

    /// <summary>With the version it has, whichever that is.</summary>
    private static async Task<Answer> Carry(HttpClient client, HttpMethod method, Probe probe, World world)
    {
        for (var version = 0; ; version++)
        {
            var headers = probe.Headers.Select(h => h.Item1 == "If-Match" ? (h.Item1, $"\"{version}\"") : h).ToArray();
            var answer = await client.Send(method, probe.Path(world), probe.Body?.Invoke(world), headers);
            if (answer.Status != 412 || version > 12) return answer;
        }
    }

    /// <summary>A path that names something, and a body or a verb that changes it; shops' own doings are not audited.</summary>
    private static IEnumerable<(string Name, string Key, Role Role)> Edits(World world) =>
        from endpoint in world.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]
        let allow = endpoint.Metadata.GetMetadata<AllowMetadata>()
        where allow is not null && method is "PUT" or "POST"
        let key = $"{method} {Parameter().Replace(endpoint.RoutePattern.RawText!, "{}")}"
        where key.Contains("{}") && AccessTable.Roles[allow.Permission].Any(People.Contains)
        orderby key.EndsWith("cancel", StringComparison.Ordinal) || key.EndsWith("deactivate", StringComparison.Ordinal)
        select (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, key, People.First(AccessTable.Roles[allow.Permission].Contains));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
