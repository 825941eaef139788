using LiveCommerce.Hosting;
using LiveCommerce.Messaging;

namespace LiveCommerce.Orders.Reactions;

internal sealed class OnAccessChanged(OrdersDb db, BusOptions bus, AccessDirectories directories) : AccessReaction(db, bus, directories);
