using LiveCommerce.Hosting;

namespace LiveCommerce.Organization.Audit;

/// <summary>The audit trail of all services together.</summary>
internal static class ReadAllAudit
{
    internal static void Map(IEndpointRouteBuilder routes) => new AuditTrail("AuditEntries", "Service").Map(
        routes, routes.ServiceProvider.GetRequiredService<OrganizationDb>(), "/audit/all", "AllAudit",
        "Every decision made in any service at the caller's unit and below, or about what belongs there, a moment after it was made");
}
