using LiveCommerce.Data;

namespace LiveCommerce.Lineups.Reactions;

/// <summary>What bears a moved unit's path here. Products and brands are headquarters', which stay.</summary>
internal sealed class MovedRows : FollowMove
{
    internal static MovedRows All { get; } = new();

    protected override IReadOnlyList<PathColumn> Small { get; } = [new("Sessions", "OwnerPath"), new("Lineups", "OwnerPath"), new("PriceLists", "OwnerPath")];

    protected override IReadOnlyList<PathColumn> Large => [];
}
