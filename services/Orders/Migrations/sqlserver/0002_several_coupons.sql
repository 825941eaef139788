DROP INDEX Orders_Coupon ON Orders;
DROP INDEX Orders_Figures ON Orders;
ALTER TABLE Orders ADD CouponIds NVARCHAR(300) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT Orders_CouponIds DEFAULT '[]';
ALTER TABLE Orders ADD IsCouponSpent BIT NOT NULL CONSTRAINT Orders_IsCouponSpent DEFAULT 0;
ALTER TABLE CouponUses ADD IsNamed BIT NOT NULL CONSTRAINT CouponUses_IsNamed DEFAULT 0;
-- What names the new columns is read only once they are there.
EXEC (N'UPDATE Orders SET CouponIds = N''["'' + LOWER(CONVERT(NVARCHAR(36), CouponId)) + N''"]'',
    IsCouponSpent = CASE WHEN CouponState IN (''Redeemed'', ''RolledBack'') THEN 1 ELSE 0 END WHERE CouponId IS NOT NULL');
EXEC (N'UPDATE CouponUses SET IsNamed = 1
    WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.Id = CouponUses.OrderId AND o.CouponId = CouponUses.CouponId)');
EXEC (N'INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion, Refusal, IsNamed)
    SELECT o.Id, o.CouponId, 0, NULL, 0, NULL, 1 FROM Orders o
    WHERE o.CouponId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM CouponUses u WHERE u.OrderId = o.Id AND u.CouponId = o.CouponId)');
-- Coupons whose claims orders wait for.
EXEC (N'INSERT INTO Coupons (Id, Version, State, Path, CustomerId)
    SELECT DISTINCT o.CouponId, 0, ''Claimed'', '''', '''' FROM Orders o
    WHERE o.CouponId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM Coupons c WHERE c.Id = o.CouponId)');
ALTER TABLE Orders DROP COLUMN CouponId;
ALTER TABLE Orders DROP COLUMN CouponState;
ALTER TABLE Orders DROP COLUMN CouponRefusal;
CREATE INDEX Orders_Figures ON Orders (Path, SessionId, PlacedAt)
    INCLUDE (WasPaid, Status, IsCouponSpent, PayableMinor, RefundedMinor, DiscountMinor, GuideId, CustomerId);
CREATE INDEX CouponUses_Coupon ON CouponUses (CouponId);
