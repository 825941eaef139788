using LiveCommerce.Contracts.Orders;
using LiveCommerce.Data;
using LiveCommerce.Messaging;

namespace LiveCommerce.Orders.Orders;

/// <summary>What the other services are told.</summary>
internal static class OrderNews
{
    /// <summary>
    /// Moves the order to what its reports say and tells so. Becoming paid is a step of its own, with its own version,
    /// so that whoever waits for a payment sees one even if the report of it never came.
    /// </summary>
    /// <returns>The order, to be stored; the same one if nothing changed.</returns>
    public static OrderRow Advance(UnitOfWork work, OrderRow order, OrderTruth truth)
    {
        if (order.With(truth) == order) return order;
        if (truth.WasPaid && !order.WasPaid)
        {
            order = order with { Version = order.Version + 1, Status = OrderStatus.Paid, WasPaid = true, PaidAt = truth.PaidAt };
            // A payment and nothing else: one step, with what else the reports say in it.
            if (truth is { Status: OrderStatus.Paid, RefundedMinor: 0 }) order = order.With(truth);
            work.Publish(new OrderPaid(order.ToState()));
        }
        var next = order.With(truth);
        if (next == order) return order;
        next = next with { Version = order.Version + 1 };
        if (next.RefundedMinor != order.RefundedMinor || (next.Status != order.Status && next.Status == OrderStatus.Refunded))
            work.Publish(new OrderRefunded(next.ToState()));
        else if (next.Status != order.Status)
            Tell(work, next);
        return next;
    }

    /// <summary>Publishes the order under the event that names its status: a change of attribution has none of its own.</summary>
    public static void Tell(UnitOfWork work, OrderRow order)
    {
        var state = order.ToState();
        work.Publish(order.Status switch
        {
            OrderStatus.Placed => new OrderPlaced(state),
            OrderStatus.Paid => new OrderPaid(state),
            OrderStatus.Cancelled => new OrderCancelled(state),
            OrderStatus.Refunded => new OrderRefunded(state),
            _ => new OrderProgressed(state),
        });
    }
}
