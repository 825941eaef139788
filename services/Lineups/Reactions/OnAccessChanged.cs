using LiveCommerce.Hosting;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Reactions;

internal sealed class OnAccessChanged(LineupsDb db, BusOptions bus, AccessDirectories directories) : AccessReaction(db, bus, directories);
