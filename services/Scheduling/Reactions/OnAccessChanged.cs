using LiveCommerce.Hosting;
using LiveCommerce.Messaging;

namespace LiveCommerce.Scheduling.Reactions;

internal sealed class OnAccessChanged(SchedulingDb db, BusOptions bus, AccessDirectories directories) : AccessReaction(db, bus, directories);
