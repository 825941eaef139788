using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Architecture.Tests;

internal sealed partial class HouseRuleTests
{
    /// <summary>What anybody may ask without an access token.</summary>
    private static readonly string[] Public = ["IssueToken", "AcceptInvitation", "ReadDiscovery", "ReadFeed", "ReadKeys"];

    [Test]
    public void AServiceProject_ReferencesOnlyShared()
    {
        foreach (var project in Product.ServiceFolders.SelectMany(d => Directory.GetFiles(d, "*.csproj")))
        {
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value.Replace('\\', '/'));
            Assert.That(references, Is.All.StartsWith("../../shared/"), project);
        }
        foreach (var project in Directory.GetFiles(Path.Combine(Repository.Root, "shared"), "*.csproj", SearchOption.AllDirectories))
            Assert.That(XDocument.Load(project).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value), Is.All.StartsWith("../").And.None.Contains("services"), project);
    }

    [Test]
    public void Usings_AreInOrder_TheSystemsFirst()
    {
        var wrong = Product.Sources("services", "shared", "tests").Where(file =>
        {
            var usings = File.ReadLines(file).TakeWhile(l => !l.StartsWith("namespace", StringComparison.Ordinal))
                .Where(l => l.StartsWith("using ", StringComparison.Ordinal) && l.EndsWith(';')).Select(l => l[6..^1]).ToList();
            return !usings.SequenceEqual(usings.OrderBy(Kind).ThenBy(u => u is not "System" && !u.StartsWith("System.", StringComparison.Ordinal)).ThenBy(u => u, StringComparer.OrdinalIgnoreCase));
        });
        Assert.That(wrong, Is.Empty);

        static int Kind(string name) => name.Contains('=') ? 2 : name.StartsWith("static ", StringComparison.Ordinal) ? 1 : 0;
    }

    [Test]
    public void EveryReaction_IsListedByItsModule_AndHasAQueueOfItsOwn()
    {
        foreach (var module in Product.Modules)
        {
            var written = module.GetType().Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Reaction)) && !t.IsAbstract);
            Assert.That(module.Reactions, Is.EquivalentTo(written), module.Name);
            Assert.That(module.Reactions.Select(ReactionQueue.Of), Is.All.StartsWith($"{module.Name}-on-"));
        }
        Assert.That(Product.Modules.SelectMany(m => m.Reactions).Select(ReactionQueue.Of), Is.Unique);
    }

    [Test]
    public void EveryEndpoint_HasANameOfItsOwn_ASummary_AndAPermissionUnlessItIsPublic()
    {
        var endpoints = Product.Endpoints();
        Assert.That(endpoints, Has.Count.GreaterThan(20));
        Assert.That(endpoints.Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"none: {e.RoutePattern.RawText}"), Is.Unique.And.None.StartsWith("none"));
        Assert.That(endpoints.Where(e => e.Metadata.GetMetadata<IEndpointSummaryMetadata>() is not { Summary: [.., '.'] }).Select(NameOf), Is.Empty, "a summary is a sentence");
        var open = endpoints.Where(e => e.Metadata.GetMetadata<AllowMetadata>() is null).Select(NameOf);
        Assert.That(open.Except(Public), Is.Empty);
    }

    [Test]
    public void EveryEndpoint_SaysWhatItGives_AndAnExampleOfWhatItTakes()
    {
        var endpoints = Product.Endpoints();
        Assert.That(endpoints.Where(e => e.Metadata.GetMetadata<IProducesResponseTypeMetadata>() is null).Select(NameOf), Is.Empty);
        Assert.That(endpoints.Where(e => e.Metadata.OfType<IAcceptsMetadata>().Any(a => a.ContentTypes.Contains("application/json")) && e.Metadata.GetMetadata<ExampleMetadata>() is null).Select(NameOf), Is.Empty);
    }

    [Test]
    public void ARejectionCode_IsNounDotReason_AndMeansOneThing()
    {
        var kinds = Product.Types.SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(RejectionKind)).Select(f => (RejectionKind)f.GetValue(null)!)
            .Concat(Product.Endpoints().SelectMany(e => e.Metadata.OfType<RejectsMetadata>()).SelectMany(r => r.Kinds)).Distinct().ToList();
        Assert.That(kinds.Select(k => k.Code), Is.All.Match("^[a-z][a-z0-9]*(_[a-z0-9]+)*\\.[a-z][a-z0-9]*(_[a-z0-9]+)*$"));
        Assert.That(kinds.Select(k => k.Status), Is.All.InRange(400, 503));
        Assert.That(kinds.GroupBy(k => k.Code).Where(g => g.Select(k => k.Status).Distinct().Count() > 1).Select(g => g.Key), Is.Empty, "one code, one status");
        Assert.That(kinds.Select(k => k.Title), Is.All.EndsWith("."));
    }

    [Test]
    public void AFile_IsShortEnoughToRead()
    {
        var long400 = Product.Sources("services", "shared").Where(f => File.ReadLines(f).Count() > 400).Select(f => Path.GetRelativePath(Repository.Root, f));
        Assert.That(long400, Is.Empty);
    }

    [Test]
    public void ATypesName_SaysWhatItIs() =>
        Assert.That(Product.Types.Where(t => EmptyName().IsMatch(t.Name)).Select(t => t.FullName), Is.Empty);

    [Test]
    public void AnInterface_HasMoreThanOneImplementation()
    {
        var single = Product.Types.Where(t => t.IsInterface)
            .Where(i => Product.Types.Count(t => !t.IsInterface && t.GetInterfaces().Any(x => (x.IsGenericType ? x.GetGenericTypeDefinition() : x) == i)) < 2)
            .Select(i => i.FullName);
        Assert.That(single, Is.Empty);
    }

    [Test]
    public void TheBrokersDefinitions_AreThoseOfTheReactions()
    {
        var file = Path.Combine(Repository.Root, "deploy", "rabbitmq", "definitions.json");
        var now = BrokerTopology.Describe(Product.Modules.SelectMany(m => m.Reactions));
        if (Environment.GetEnvironmentVariable("LIVECOMMERCE_RENEW_CONTRACTS") == "1") File.WriteAllText(file, now);
        Assert.That(File.ReadAllText(file), Is.EqualTo(now), "Run the test with LIVECOMMERCE_RENEW_CONTRACTS=1 and commit the file.");
    }

    [Test]
    public async Task EveryService_StartsOnABrokerThatHoldsTheDefinitions()
    {
        await using var broker = await OwnBroker.Start();
        await broker.Control("import_definitions", Path.Combine(Repository.Root, "deploy", "rabbitmq", "definitions.json"));
        var before = await broker.Control("list_bindings", "-q");
        await using (var host = await TestHost.StartIn(Directory.CreateTempSubdirectory("live-commerce-").FullName, new ManualClock(), TestBroker.Settings(broker.Address), [.. Product.Modules]))
            Assert.That((await host.Anonymous().Get("/health/ready")).Status, Is.EqualTo(200));
        var after = await broker.Control("list_bindings", "-q");
        Assert.That(Lines(after), Is.EquivalentTo(Lines(before)), "the services add nothing of their own");

        static IEnumerable<string> Lines(string text) => text.Split('\n').Order(StringComparer.Ordinal);
    }

    private static string NameOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? endpoint.RoutePattern.RawText!;

    [GeneratedRegex("(Service|Manager|Helper|Helpers|Util|Utils|Utility|Dto)$")]
    private static partial Regex EmptyName();
}
