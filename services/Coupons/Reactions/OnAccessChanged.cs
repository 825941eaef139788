using LiveCommerce.Hosting;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Reactions;

internal sealed class OnAccessChanged(CouponsDb db, BusOptions bus, AccessDirectories directories) : AccessReaction(db, bus, directories);
