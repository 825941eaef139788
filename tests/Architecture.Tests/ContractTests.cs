using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveCommerce.Messaging;
using LiveCommerce.Support;
using MassTransit;

namespace LiveCommerce.Architecture.Tests;

/// <summary>Events outlive the code that wrote them: in queues, in outboxes, and between versions of services.</summary>
internal sealed class ContractTests
{
    private const string Renew = "LIVECOMMERCE_RENEW_CONTRACTS";

    private static readonly string Pinned = Path.Combine(Repository.Root, "tests", "Architecture.Tests", "Contracts");
    private static readonly JsonSerializerOptions Layout = new(MessageCatalogue.Json) { WriteIndented = true, NewLine = "\n" };

    private static IEnumerable<Type> Events => MessageCatalogue.All.OrderBy(t => t.Name, StringComparer.Ordinal);

    [TestCaseSource(nameof(Events))]
    public void AnEventsJson_IsWhatItWas(Type type)
    {
        var file = Path.Combine(Pinned, $"{type.Name}.json");
        var now = JsonSerializer.Serialize(Sample.Of(type), type, Layout) + "\n";
        if (Environment.GetEnvironmentVariable(Renew) == "1") File.WriteAllText(file, now);
        Assert.That(File.Exists(file), $"{type.Name} is new: run the test with {Renew}=1 and commit {file}.");
        var pinned = File.ReadAllText(file);
        Assert.That(now, Is.EqualTo(pinned), $"What is stored and queued no longer reads the same. Added a member? Run with {Renew}=1. Changed one? Write a new event instead.");
        Assert.That(JsonSerializer.Serialize(JsonSerializer.Deserialize(pinned, type, MessageCatalogue.Json), type, Layout) + "\n", Is.EqualTo(pinned), "reads back whole");
    }

    [Test]
    public void NoPinnedEvent_HasGone() =>
        Assert.That(Directory.GetFiles(Pinned, "*.json").Select(Path.GetFileNameWithoutExtension), Is.SubsetOf(Events.Select(t => t.Name)));

    [TestCaseSource(nameof(Events))]
    public void AnEvent_IsNamedForItsPublisher_InBothItsNames(Type type)
    {
        var publisher = type.Namespace!.Split('.')[2].ToLowerInvariant();
        var kebab = Regex.Replace(type.Name, "(?<!^)([A-Z])", "-$1").ToLowerInvariant();
        Assert.That(type.GetCustomAttribute<MessageUrnAttribute>()!.Urn.ToString(), Is.EqualTo($"urn:message:live-commerce:{publisher}:{kebab}"));
        Assert.That(type.GetCustomAttribute<EntityNameAttribute>()!.EntityName, Is.EqualTo($"{publisher}.{kebab}"));
        Assert.That(type.IsSealed);
    }

    [Test]
    public void EveryContract_IsDocumented()
    {
        var assembly = typeof(Contracts.Organization.UnitChanged).Assembly;
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member").Select(m => m.Attribute("name")!.Value).ToHashSet();
        Assert.That(assembly.GetExportedTypes().Select(t => $"T:{t.FullName}").Where(n => !documented.Contains(n)), Is.Empty);
    }

    [Test]
    public void AService_MakesOnlyItsOwnEvents()
    {
        var faults = new List<string>();
        foreach (var folder in Product.ServiceFolders)
        {
            var foreign = Events.Where(t => !t.Namespace!.EndsWith($".{Path.GetFileName(folder)}", StringComparison.Ordinal)).Select(t => t.Name);
            var made = new Regex($@"\bnew\s+({string.Join('|', foreign)})\b|\b({string.Join('|', foreign)})\s+\w+\([^)]*\)\s*=>\s*new\b", RegexOptions.None, TimeSpan.FromMinutes(2));
            foreach (var file in Product.Sources(folder)) faults.AddRange(made.Matches(File.ReadAllText(file)).Select(m => $"{Path.GetFileName(file)}: {m.Value}"));
        }
        Assert.That(faults, Is.Empty);
    }

    /// <summary>An instance with every member set, the same each time.</summary>
    private static class Sample
    {
        internal static object Of(Type type)
        {
            var next = 0;
            return Make(type, "", ref next);
        }

        private static object Make(Type type, string name, ref int next)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            next++;
            if (type == typeof(string)) return name;
            if (type == typeof(Guid)) return new Guid(next, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
            if (type == typeof(DateTimeOffset)) return ManualClock.Start.AddMinutes(next).AddMicroseconds(next);
            if (type == typeof(bool)) return true;
            if (type == typeof(int) || type == typeof(long)) return Convert.ChangeType(next, type);
            if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            {
                var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GetGenericArguments()))!;
                list.Add(Make(type.GetGenericArguments()[0], name, ref next));
                return list;
            }
            var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
            var arguments = new List<object>();
            foreach (var parameter in constructor.GetParameters()) arguments.Add(Make(parameter.ParameterType, parameter.Name!, ref next));
            var instance = constructor.Invoke([.. arguments]);
            foreach (var property in type.GetProperties().Where(p => p.CanWrite && constructor.GetParameters().All(a => a.Name != p.Name)))
                property.SetValue(instance, Make(property.PropertyType, property.Name, ref next));
            return instance;
        }
    }
}
