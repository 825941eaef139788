using System.CommandLine;
using LiveCommerce.AllInOne;
using LiveCommerce.AllInOne.Demo;
using LiveCommerce.Messaging;

var data = new Option<string>("--data") { Description = "Data folder.", DefaultValueFactory = _ => "data", Recursive = true };
var urls = new Option<string>("--urls") { Description = "Addresses to listen on.", DefaultValueFactory = _ => "http://localhost:8080", Recursive = true };
var empty = new Option<bool>("--empty") { Description = "Start a new data folder bare, without the demonstration group." };
var customers = new Option<int>("--customers") { Description = "Customers who claim a coupon; one in ten orders.", DefaultValueFactory = _ => 20_000 };
var catalogue = new Option<FileInfo?>("--catalogue") { Description = "CSV file with the data set's own columns, to use in place of the built-in excerpt." };
var exit = new Option<bool>("--exit") { Description = "End after the table, with code 0 only if every check held." };

var demo = new Command("demo", "Plays the main job at scale through the public API, and checks that every sum agrees.") { customers, catalogue, exit };
demo.SetAction((parsed, ct) => DemoCommand.Run(
    new DemoSettings(parsed.GetValue(data)!, parsed.GetValue(urls)!, parsed.GetValue(customers), parsed.GetValue(catalogue)?.FullName, parsed.GetValue(exit)), ct));

var topology = new Command("topology", "Prints what the broker has to hold; deploy/rabbitmq/definitions.json is its output.");
topology.SetAction(_ => Console.Out.Write(BrokerTopology.Describe(Modules.All.SelectMany(m => m.Reactions))));

var root = new RootCommand("LiveCommerce: every service in one process, on files of its own.") { data, urls, empty, demo, topology };
// What is left is configuration for the host, such as --Storage:GroupSize=64.
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((parsed, ct) => ServeCommand.Run(parsed.GetValue(data)!, parsed.GetValue(urls)!, parsed.GetValue(empty), parsed.UnmatchedTokens, ct));

try
{
    // The default handler would print a stack; what goes wrong at start is the caller's to mend.
    var parsed = root.Parse(args);
    if (parsed.UnmatchedTokens.FirstOrDefault(t => parsed.CommandResult.Command != root || !t.Contains(':')) is { } unknown)
    {
        Console.Error.WriteLine($"'{unknown}' is neither a command nor an option. See --help; configuration is given as --Section:Name=value.");
        return 2;
    }
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped.");
    return 130;
}
catch (DemoFailure e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message.Contains("in-use.lock", StringComparison.Ordinal) ? "Another process uses this data folder. Stop it, or choose another with --data." : e.Message);
    return 1;
}
