using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>The body of an action that may take others' slots; it may be left out.</summary>
/// <param name="Displace">Takes the slots of planned sessions of lower tiers that are in the way.</param>
internal sealed record Displacing(bool Displace = false) : IValidated
{
    public void Validate(Faults faults)
    {
        // Either will do.
    }

    /// <returns>Who asks that lower sessions make way; null if nobody does.</returns>
    public static async Task<Caller?> By(Caller caller, HttpContext context) =>
        context.Request.ContentType is not null && (await Body<Displacing>.BindAsync(context, null!))!.Value.Displace ? caller : null;
}
