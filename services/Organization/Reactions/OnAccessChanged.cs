using LiveCommerce.Hosting;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Reactions;

internal sealed class OnAccessChanged(OrganizationDb db, BusOptions bus, AccessDirectories directories) : AccessReaction(db, bus, directories);
