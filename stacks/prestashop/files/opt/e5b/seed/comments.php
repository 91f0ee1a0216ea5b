<?php
// What customers say of products: published, or waiting for somebody to approve it.
use PrestaShop\Module\ProductComment\Entity\ProductComment as Comment;
use PrestaShop\Module\ProductComment\Entity\ProductCommentCriterion as Criterion;
use PrestaShop\Module\ProductComment\Entity\ProductCommentGrade as Grade;

$manager = $kernel->getContainer()->get('doctrine.orm.entity_manager');
$criterion = $manager->getRepository(Criterion::class)->find(1);
foreach ($seed['product_comments'] as $row) {
    $customer = isset($row['customer']) ? new Customer(known('customer', $row['customer'], 'a comment')) : null;
    $comment = new Comment();
    $comment->setProductId(known('product', $row['product'], 'a comment'))->setTitle($row['title'])->setContent($row['content'])
        ->setCustomerName($row['name'] ?? "$customer->firstname $customer->lastname")->setCustomerId($customer ? (int) $customer->id : 0)->setGuestId(0)
        ->setValidate($row['approved'] ?? false)->setDateAdd(new DateTime($row['at']));
    $manager->persist($comment);
    $manager->persist(new Grade($comment, $criterion, $row['grade']));
    $comment->setGrade($row['grade']);
}
$manager->flush();
