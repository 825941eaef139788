using System.CommandLine;
using LiveCommerce.Load;
using LiveCommerce.Load.Scenarios;

var scenarios = new Dictionary<string, Func<Scenario>>
{
    ["baseline"] = () => new TrivialPost(),
    ["claims"] = () => new ClaimCoupons(),
    ["orders"] = () => new PlaceOrders(),
    ["lineup-read"] = () => new ReadLineup(),
};

var name = new Argument<string>("scenario") { Description = "What to send." };
name.AcceptOnlyFromAmong([.. scenarios.Keys]);
var seconds = new Option<double>("--seconds") { Description = "Measured time of the scenario; the baseline takes as long again.", DefaultValueFactory = _ => 10 };
var rounds = new Option<int>("--rounds") { Description = "Turns the time is cut into.", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Requests in flight.", DefaultValueFactory = _ => 64 };
var json = new Option<bool>("--json") { Description = "Ends with one line of JSON." };
var command = new RootCommand("Measures AllInOne, started as its own process on an empty folder, against a trivial signed-in request of the same run.")
{
    name, seconds, rounds, connections, json,
};
seconds.Validators.Add(r => { if (r.GetValueOrDefault<double>() is not (> 0 and <= 600)) r.AddError("--seconds must be above 0 and at most 600."); });
rounds.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 100) r.AddError("--rounds must be from 1 to 100."); });
connections.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 1024) r.AddError("--connections must be from 1 to 1024."); });
command.SetAction(async parsed =>
{
    var plan = new LoadPlan(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(connections));
    var report = await LoadRun.Run(parsed.GetValue(name)!, scenarios[parsed.GetValue(name)!](), plan, Console.WriteLine);
    foreach (var line in report.Lines()) Console.WriteLine(line);
    if (parsed.GetValue(json)) Console.WriteLine(report.ToJson());
    return report.IsClean ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
