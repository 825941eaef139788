DROP INDEX Orders_Coupon;
DROP INDEX Orders_Figures;
ALTER TABLE Orders ADD COLUMN CouponIds TEXT NOT NULL DEFAULT '[]';
ALTER TABLE Orders ADD COLUMN IsCouponSpent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE CouponUses ADD COLUMN IsNamed INTEGER NOT NULL DEFAULT 0;
UPDATE Orders SET CouponIds = '["' || CouponId || '"]', IsCouponSpent = CASE WHEN CouponState IN ('Redeemed', 'RolledBack') THEN 1 ELSE 0 END
    WHERE CouponId IS NOT NULL;
UPDATE CouponUses SET IsNamed = 1
    WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.Id = CouponUses.OrderId AND o.CouponId = CouponUses.CouponId);
INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion, Refusal, IsNamed)
    SELECT o.Id, o.CouponId, 0, NULL, 0, NULL, 1 FROM Orders o
    WHERE o.CouponId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM CouponUses u WHERE u.OrderId = o.Id AND u.CouponId = o.CouponId);
-- Coupons whose claims orders wait for.
INSERT INTO Coupons (Id, Version, State, Path, CustomerId)
    SELECT DISTINCT o.CouponId, 0, 'Claimed', '', '' FROM Orders o
    WHERE o.CouponId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM Coupons c WHERE c.Id = o.CouponId);
ALTER TABLE Orders DROP COLUMN CouponId;
ALTER TABLE Orders DROP COLUMN CouponState;
ALTER TABLE Orders DROP COLUMN CouponRefusal;
CREATE INDEX Orders_Figures ON Orders (Path, SessionId, PlacedAt, WasPaid, Status, IsCouponSpent, PayableMinor, RefundedMinor, DiscountMinor, GuideId, CustomerId);
CREATE INDEX CouponUses_Coupon ON CouponUses (CouponId);
