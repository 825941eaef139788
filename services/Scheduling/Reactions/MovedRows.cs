using LiveCommerce.Data;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>What bears a moved unit's path here. Others hear of the move themselves, so no session is told again for it.</summary>
internal sealed class MovedRows : FollowMove
{
    internal static MovedRows All { get; } = new();

    protected override IReadOnlyList<PathColumn> Small { get; } = [new("KeyDates", "Path"), new("Resources", "Path"), new("Sessions", "Path"), new("SlotRequests", "Path")];

    protected override IReadOnlyList<PathColumn> Large => [];
}
